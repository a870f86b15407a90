"""The map of the code names packages and modules that are there, and every layer."""

import re
from pathlib import Path

NAMED = re.compile(r"`([\w/.]+/[\w/.]*|[\w]+\.py)`")


def test_every_place_that_the_map_names_is_there(root: Path) -> None:
    text = (root / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    source = root / "src" / "muniment"
    names = sorted(set(NAMED.findall(text)))
    assert len(names) > 30
    modules = {path.name for path in source.rglob("*.py")}
    missing = [
        name
        for name in names
        if not (root / name).exists() and not (source / name).exists() and not ("/" not in name and name in modules)
    ]
    assert missing == []


def test_the_map_shows_every_layer(root: Path) -> None:
    text = (root / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    picture = (root / "docs" / "images" / "layers.svg").read_text(encoding="utf-8")
    layers = [path.name for path in (root / "src" / "muniment").iterdir() if (path / "__init__.py").is_file()]
    assert len(layers) == 8
    assert [layer for layer in layers if layer != "example" and f">{layer}<" not in picture] == []
    assert [layer for layer in layers if f"`{layer}/`" not in text and f"muniment/{layer}" not in text] == []
