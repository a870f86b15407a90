"""What is committed works on anybody's machine: it names no registry and no path of ours."""

import json
import re
import tomllib
from pathlib import Path

# In two halves each, or this file would be the first to name them.
REGISTRIES = (
    "pypi." + "org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "npm" + "mirror",
)
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:" + "root|work/main|work/shared|home/\\w+|Users/\\w+|opt/\\w+" + r")/")
BINARY = {".png", ".jpg", ".ico", ".ttf", ".woff2", ".pdf", ".parquet", ".xlsx", ".zip"}


def _texts(files: list[Path]) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in files if path.suffix not in BINARY}


def test_no_kept_file_names_a_registry(kept_files: list[Path]) -> None:
    named = [str(path) for path, text in _texts(kept_files).items() if any(host in text for host in REGISTRIES)]
    assert named == []


def test_no_kept_file_names_a_path_of_one_machine(kept_files: list[Path]) -> None:
    named = [(str(path), found[0]) for path, text in _texts(kept_files).items() if (found := MACHINE_PATH.search(text))]
    assert named == []


def test_the_npm_lock_holds_hashes_and_no_address(root: Path) -> None:
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in fetched.items() if "integrity" not in entry or "resolved" in entry] == []


def test_every_python_pin_carries_a_hash_and_no_index_option(root: Path) -> None:
    for name in ("setup.txt", "run.txt", "dev.txt"):
        text = (root / "requirements" / name).read_text(encoding="utf-8")
        pins = re.split(r"\n(?=[a-z])", text)[1:]
        assert pins
        assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
        assert re.findall(r"^--.*", text, flags=re.MULTILINE) == []


def test_tests_run_on_the_versions_that_the_product_runs_on(root: Path) -> None:
    pins = {name: _pins(root / "requirements" / f"{name}.txt") for name in ("run", "dev", "setup")}
    assert pins["run"].items() <= pins["dev"].items()
    assert {name: pin for name, pin in pins["setup"].items() if pins["dev"].get(name, pin) != pin} == {}


def _pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_every_dependency_has_its_reason_beside_it(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    needed = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    lines = text.splitlines()
    silent = [need for need in needed if not any(re.search(rf'"{re.escape(need)}",\s+# \w+', line) for line in lines)]
    assert silent == []
