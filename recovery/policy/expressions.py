"""Where does the interpreter of conditions come from?

From the compiled part of common-expression-language alone. The front of that package also imports
its command line, and that a terminal: 10 MB in each process, and a seventh of the time of a start.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cel import Program

NAME = "cel.cel"


def _extension() -> Any:
    """Raises ImportError where the package is not installed as it is locked."""
    package = find_spec("cel")
    for folder in (package and package.submodule_search_locations) or ():
        spec = FileFinder(folder, (ExtensionFileLoader, EXTENSION_SUFFIXES)).find_spec(NAME)
        if spec is not None and spec.loader is not None:
            module = sys.modules[NAME] = module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise ImportError("common-expression-language is not installed", name=NAME)


_CEL = sys.modules.get(NAME) or _extension()


@lru_cache(maxsize=1_000)
def compiled(text: str) -> Program:
    """The program of an expression, made once; raises ValueError where it is none."""
    found: Program = _CEL.compile(text)
    return found
