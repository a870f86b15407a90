"""The tree of v0.1.0, which later trees are compared with: checked out of git, built in an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
COMMIT = "031f445"
"""What v0.1.0 is."""


@contextmanager
def baseline_tree(given: Path | None, *, is_built: bool) -> Iterator[Path]:
    """A folder with the tree of v0.1.0: the one that is given, or a new one that is removed afterwards.

    `is_built`: with an environment of its own, made where it is missing.
    """
    if given is not None:
        _must_be_baseline(given)
        if is_built:
            build(given)
        yield given.resolve()
        return
    with TemporaryDirectory(prefix="muniment-baseline-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--quiet", "--detach", str(tree), COMMIT)
        try:
            if is_built:
                build(tree)
            yield tree.resolve()
        finally:
            _git("worktree", "remove", "--force", str(tree))


def build(tree: Path) -> None:
    """`make install` in a tree, unless that has been done."""
    if not (tree / ".venv" / ".installed").exists():
        print(f"Building {tree.name} in an environment of its own ...", file=sys.stderr)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        subprocess.run(["make", "install"], cwd=tree, env=environment, check=True, stdout=sys.stderr)


def kept_in_git(tree: Path, folder: str) -> list[Path]:
    """The files below a folder of a tree that git knows."""
    return [tree / name for name in _git("ls-files", folder, at=tree).splitlines()]


def _must_be_baseline(tree: Path) -> None:
    head = _git("rev-parse", "HEAD", at=tree)
    if not head.startswith(COMMIT):
        raise SystemExit(f"{tree} holds commit {head[:7]}, and the baseline is {COMMIT}")
    if changed := _git("status", "--porcelain", "--untracked-files=no", at=tree):
        raise SystemExit(f"{tree} differs from commit {COMMIT}:\n{changed}")


def _git(*arguments: str, at: Path = ROOT) -> str:
    done = subprocess.run(["git", "-C", str(at), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()
