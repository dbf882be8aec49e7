"""What is a file that somebody hands us: by its content, whatever it is called?"""

from __future__ import annotations

from recovery import text as texts
from recovery.files import NewFile
from web.mail.reading import contents
from web.mail.reading.attachments import safe_name


def new_file(name: str, content: bytes, *, declared: str = "") -> NewFile:
    """The file without the folders that some browsers name; raises Invalid for a name too long."""
    plain = texts.line(name.replace("\\", "/").rpartition("/")[2], field="files")
    real = contents.real_type(content)
    risks = contents.risks(plain, declared, real, content)
    return NewFile(safe_name(plain), real, content, tuple(risks))
