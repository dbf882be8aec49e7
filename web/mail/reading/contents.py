"""What is in these bytes, whatever their name says, and what is dangerous about it?

By the marks that files begin with, for the few types that people send and the few that hurt.
Archives are never unpacked: their list of entries is read from the end, with a bound.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from web.mail.reading.limits import ARCHIVE_ENTRIES
from web.mail.reading.records import Risk


def _set(endings: str) -> frozenset[str]:
    return frozenset(endings.split())


UNKNOWN = "application/octet-stream"
_ZIP, _OLE = "application/zip", "application/x-ole-storage"
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"), (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"), (b"PK\x03\x04", _ZIP), (b"PK\x05\x06", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE), (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"), (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"), (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"), (b"MSCF", "application/vnd.ms-cab-compressed"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"), (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"), (b"{\\rtf", "application/rtf"),
    (b"ITSF", "application/vnd.ms-htmlhelp"), (b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"), (b"#!AMR", "audio/amr"), (b"#!", "text/x-script"),
    (b".snd", "audio/basic"), (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"), (b"%!PS", "application/postscript"),
    (b"BEGIN:VCARD", "text/vcard"), (b"BEGIN:VCALENDAR", "text/calendar"), (b"<?xml", "text/xml"),
    (b"P1\n", "image/x-portable-bitmap"), (b"P4\n", "image/x-portable-bitmap"),
)  # fmt: skip
_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("meta-inf/manifest.mf", "application/java-archive"),
    ("androidmanifest.xml", "application/vnd.android.package-archive"),
)
_RUNS = _set(
    "exe com scr pif cpl msi msp dll sys jar apk app deb rpm dmg pkg lnk hta chm gadget xll "
    "iso img vhd appx msix reg inf scf url"
)
_SCRIPTS = _set("bat cmd js jse vbs vbe wsf wsh ps1 psm1 sh py pl rb php sct")
_ACTIVE = _set("html htm shtml xhtml mht mhtml svg xml xsl")
_MACROS = _set("docm dotm xlsm xltm xlam pptm potm ppsm")
_ARCHIVES = frozenset(
    (_ZIP, "application/vnd.rar", "application/x-7z-compressed", "application/gzip",
     "application/x-bzip2", "application/x-xz", "application/zstd",
     "application/vnd.ms-cab-compressed", "application/x-tar")
)  # fmt: skip
_EXECUTABLE = frozenset(
    ("application/vnd.microsoft.portable-executable", "application/x-executable",
     "application/x-mach-binary", "application/java-vm", "application/x-ms-shortcut",
     "application/java-archive", "application/vnd.android.package-archive",
     "application/vnd.ms-htmlhelp")
)  # fmt: skip
_ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",), "image/png": ("png",), "image/gif": ("gif",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"), "application/zip": ("zip",),
}  # fmt: skip
_SHOWS = _set("pdf png gif jpg jpeg txt csv doc docx xls xlsx ppt pptx mp3 mp4")
_EXPANSION = 100
"""Times its size that an archive may grow to before it is called a bomb."""
_NO_LETTER = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f\xff]")
_ENTRY = struct.Struct("<4s4xH10xIIHHH12x")


class Entries(NamedTuple):
    """What an archive says it holds."""

    names: tuple[str, ...] = ()
    size: int = 0
    """Bytes when unpacked."""
    encrypted: bool = False


def real_type(content: bytes) -> str:
    """The type by content; text/plain for readable words, `UNKNOWN` when nothing is known."""
    head = content[:1024]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, type_ in _MARKS:
        if head.startswith(mark) or (mark[:1] in b"<B#%{" and start.startswith(mark)):
            return _within(content, type_, head)
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(
            head[8:12], UNKNOWN
        )
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"mif1", b"heix") else "video/mp4"
    if content[257:262] == b"ustar":
        return "application/x-tar"
    if head[:2] == b"BM" and len(content) == int.from_bytes(head[2:6], "little"):
        return "image/bmp"
    if head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xfa"):
        return "audio/mpeg"
    return _text_type(start, head)


def _within(content: bytes, type_: str, head: bytes) -> str:
    """A narrower type for files that are archives or markup underneath."""
    if type_ == _ZIP:
        if head[30:38] == b"mimetype":
            named = re.match(rb"[\w.+/-]{5,100}", head[38:140])
            return named[0].decode() if named else _ZIP
        names = [name.lower() for name in entries(content).names]
        return next(
            (kind for mark, kind in _IN_ZIP if any(n.startswith(mark) for n in names)), _ZIP
        )
    if type_ == "text/xml":
        return "image/svg+xml" if b"<svg" in head.lower() else type_
    return type_


def _text_type(start: bytes, head: bytes) -> str:
    lowered = start[:200].lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return "text/html"
    if lowered.startswith(b"<svg"):
        return "image/svg+xml"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "text/plain"
    if not head or b"\0" in head or len(_NO_LETTER.findall(head)) > 2:
        return UNKNOWN
    return "text/plain"


def entries(content: bytes) -> Entries:
    """The list at the end of a zip file, as far as it can be followed."""
    names: list[str] = []
    size, encrypted = 0, False
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 70_000))
    start = int.from_bytes(content[end + 16 : end + 20], "little") if end >= 0 else -1
    at = start if content[start : start + 4] == b"PK\x01\x02" else content.find(b"PK\x01\x02")
    while at >= 0 and len(names) < ARCHIVE_ENTRIES and at + 46 <= len(content):
        mark, flags, _, unpacked, name, extra, comment = _ENTRY.unpack_from(content, at)
        if mark != b"PK\x01\x02":
            break
        names.append(content[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        size, encrypted = size + unpacked, encrypted or bool(flags & 1)
        at += 46 + name + extra + comment
    return Entries(tuple(names), size, encrypted)


def risks(name: str, declared: str, real: str, content: bytes) -> tuple[Risk, ...]:
    """Why to be careful with it, the gravest first."""
    found: list[Risk] = []
    ending = _ending(name)
    inside = entries(content) if content.startswith(b"PK\x03\x04") else Entries()
    within = {_ending(entry) for entry in inside.names}
    if real in _EXECUTABLE or ending in _RUNS or within & _RUNS:
        found.append("executable")
    if real == "text/x-script" or ending in _SCRIPTS or within & _SCRIPTS:
        found.append("script")
    if ending in _MACROS or _has_macros(real, content, inside):
        found.append("macro")
    if inside.encrypted or (real == "application/pdf" and b"/Encrypt" in content[-4096:]):
        found.append("encrypted")
    if inside.size > _EXPANSION * max(len(content), 10_000):
        found.append("expands")
    if real in _ARCHIVES:
        found.append("archive")
    if real in ("text/html", "image/svg+xml") or declared == "text/html" or ending in _ACTIVE:
        found.append("active")
    if _is_disguised(name, ending, real):
        found.append("disguised")
    return tuple(found)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _has_macros(real: str, content: bytes, inside: Entries) -> bool:
    if any(entry.lower().endswith("vbaproject.bin") for entry in inside.names):
        return True
    return real == _OLE and (
        b"V\0B\0A\0" in content or b"_\0V\0B\0A\0" in content or b"M\0a\0c\0r\0o\0s\0" in content
    )


def _is_disguised(name: str, ending: str, real: str) -> bool:
    """A picture that is a program, `invoice.pdf.exe`, or a name written backwards."""
    if re.search("[\u202a-\u202e\u2066-\u2069]", name):
        return True
    before = _ending(name.rpartition(".")[0])
    if ending in _RUNS | _SCRIPTS and before in _SHOWS:
        return True
    if real in _EXECUTABLE and ending in _SHOWS:
        return True
    return any(ending in endings and real not in (type_, UNKNOWN)
               for type_, endings in _ENDINGS.items())  # fmt: skip
