"""Refuse to build a wheel or source archive without the font and the styles: it would build well, and look broken."""

from pathlib import Path

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FONTS = Path("src", "muniment", "adapters", "documents", "fonts")
PAGES = Path("src", "muniment", "interfaces", "web", "static", "vendor")


class AssetsAreThere(BuildHookInterface[BuilderConfig]):
    """An editable install may come before they are copied; an archive may not."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002  # hatchling's signature
        if version == "editable":
            return
        folder = Path(self.root) / FONTS
        if not (folder / "OFL.txt").is_file() or not any(folder.glob("*.ttf")):
            raise FileNotFoundError(f"{FONTS} holds no font - run 'make install' before building")
        if not (Path(self.root) / PAGES / "NOTICE.txt").is_file():
            raise FileNotFoundError(f"{PAGES} holds no styles - run 'make install' before building")
