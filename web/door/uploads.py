"""Which files does somebody send along, and can we take them?"""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile

from recovery.errors import Invalid
from recovery.files import LARGEST, NewFile
from web.mail.files import new_file

AT_ONCE = 10
"""Files of one message."""


def uploads(data: FormData) -> tuple[NewFile, ...]:
    """The files of a form that was sent; raises Invalid for too much. Empty ones are left out."""
    found = [each for each in data.getlist("files") if isinstance(each, UploadFile)]
    if sum(each.size or 0 for each in found) > LARGEST:
        raise Invalid(
            "Together the files may have 15 MB at most. Send fewer, or smaller ones.", field="files"
        )
    read = [(each, each.file.read()) for each in found]
    whole = [(each, content) for each, content in read if content]
    if len(whole) > AT_ONCE:
        raise Invalid("Send at most ten files at once.", field="files")
    return tuple(
        new_file(each.filename or "", content, declared=each.content_type or "")
        for each, content in whole
    )
