"""A wheel carries the font of its documents and the styles of its pages, or is not built."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

FONTS = Path("src", "muniment", "adapters", "documents", "fonts")
STYLES = Path("src", "muniment", "interfaces", "web", "static", "vendor")


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """The least that hatchling builds from: no packages, no font."""
    for name in ("pyproject.toml", "LICENSE", "NOTICE", "scripts/build_hook.py", "src/muniment/__init__.py"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, target)
    (tmp_path / "README.md").write_text("Muniment\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("fonts/\nvendor/\n", encoding="utf-8")
    return tmp_path


def _build(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_no_wheel_is_built_without_the_font(project: Path) -> None:
    built = _build(project)
    assert built.returncode != 0
    assert "run 'make install' before building" in built.stderr
    assert not list((project / "dist").glob("*.whl"))


def test_no_wheel_is_built_without_the_styles(project: Path) -> None:
    _put_font(project)
    built = _build(project)
    assert built.returncode != 0
    assert "holds no styles - run 'make install' before building" in built.stderr


def _put_font(project: Path) -> None:
    fonts = project / FONTS
    fonts.mkdir(parents=True)
    (fonts / "SourceSans3_400Regular.ttf").write_bytes(b"a font")
    (fonts / "OFL.txt").write_text("its licence", encoding="utf-8")


def test_a_wheel_carries_font_styles_and_their_licences_although_git_ignores_them(project: Path) -> None:
    _put_font(project)
    styles = project / STYLES
    styles.mkdir(parents=True)
    (styles / "govuk-frontend.min.css").write_text("", encoding="utf-8")
    (styles / "NOTICE.txt").write_text("its licence", encoding="utf-8")

    built = _build(project)

    assert built.returncode == 0, built.stderr
    (wheel,) = (project / "dist").glob("*.whl")
    packed = {Path(name).name for name in zipfile.ZipFile(wheel).namelist()}
    assert {"SourceSans3_400Regular.ttf", "OFL.txt", "govuk-frontend.min.css", "NOTICE.txt"} <= packed
