"""How does a picture that a stranger sent become a small one, and nothing worse?

Decoders of pictures are old and large, and their input is anybody's: they run in a process of their
own, which may use so much memory and time and no more. Sizes are read before anything is decoded.
"""

from __future__ import annotations

import io
import subprocess
import sys
import threading

TYPES = {
    "image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP",
    "image/bmp": "BMP",
}  # fmt: skip
"""What small pictures are made of, by the type of the content."""
SIDE = 240
"""Pixels, at most, of either side of the small one."""
PIXELS = 64_000_000
"""Of a picture that is looked at; the largest telephones take 50 million in one go."""
MEMORY = 768 * 1024 * 1024
SECONDS = 10
_AT_ONCE = threading.Semaphore(2)


def small(content: bytes, type_: str) -> bytes | None:
    """A small WebP of the picture; None where none can be made of it."""
    if type_ not in TYPES:
        return None
    with _AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 (our own program)
                [sys.executable, "-m", "web.mail.pictures", TYPES[type_]],
                input=content, capture_output=True, timeout=2 * SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def main(format_: str) -> int:
    """Read a picture from standard input and write the small one; 1 where none is made."""
    _confine()
    made = _made(sys.stdin.buffer.read(), format_)
    sys.stdout.buffer.write(made)
    return 0 if made else 1


def _confine() -> None:
    """So much memory and time for whatever comes now; Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _made(content: bytes, format_: str) -> bytes:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=[format_]) as picture:
            if picture.width * picture.height > PIXELS:
                return b""
            picture.thumbnail((SIDE, SIDE))  # a JPEG is decoded small at once
            upright = ImageOps.exif_transpose(picture)
            out = io.BytesIO()
            upright.convert("RGBA" if _has_alpha(upright.mode) else "RGB").save(out, "WEBP")
            return out.getvalue()
    except Exception:  # whatever is wrong with it, there is no small picture of it
        return b""


def _has_alpha(mode: str) -> bool:
    return mode in ("RGBA", "LA", "PA", "P")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
