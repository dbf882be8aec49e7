"""Which files does somebody send along, and can we take them?"""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile

from recovery import text as texts
from recovery.errors import Invalid
from recovery.files import NewFile
from web.mail.reading import contents

AT_ONCE = 10
"""Files of one message."""


def uploads(data: FormData) -> tuple[NewFile, ...]:
    """The files of a form that was sent; raises Invalid for too many. Empty ones are left out."""
    found = [each for each in data.getlist("files") if isinstance(each, UploadFile)]
    read = [(each, each.file.read()) for each in found]
    whole = [(each, content) for each, content in read if content]
    if len(whole) > AT_ONCE:
        raise Invalid("Send at most ten files at once.", field="files")
    return tuple(_upload(each, content) for each, content in whole)


def _upload(file: UploadFile, content: bytes) -> NewFile:
    name = texts.line((file.filename or "").replace("\\", "/").rpartition("/")[2], field="files")
    real = contents.real_type(content)
    risks = contents.risks(name, file.content_type or "", real, content)
    return NewFile(name[:200], real, content, tuple(risks))
