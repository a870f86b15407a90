"""The commands that pages show: run as a reader would run them, so that what is shown is what is printed.

A page is made of `console` blocks ('$ ' begins a command, '> ' continues it) and of files: a block after the comment
`<!-- file: path -->` is written to that path. `<!-- begins with: demo -->` gives the page a folder `demo`, made by
`muniment demo`; `<!-- begins with: page.md -->` gives it the files of that page.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

FENCE = "```"
FILE = re.compile(r"<!-- file: (\S+) -->")
BEGINS = re.compile(r"<!-- begins with: (\S+) -->")
MAKE_DEMO = "make demo SERVE=no"
SHIM = '#!/bin/sh\nexec "{python}" -m muniment.interfaces.cli.main "$@"\n'


@dataclass(frozen=True)
class Command:
    """A command and what the page says that it prints. `at`: the lines of the page that hold what it prints."""

    text: str
    printed: str
    at: range


@dataclass(frozen=True)
class File:
    """A file that the page shows whole."""

    path: str
    content: str


@dataclass(frozen=True)
class Demo:
    """The example, made once, and what was printed then."""

    folder: Path
    printed: str


def steps_of(text: str) -> Iterator[Command | File]:
    """Everything that a reader of the page would do, in order."""
    lines = text.split("\n")
    file = None
    number = 0
    while number < len(lines):
        named = FILE.fullmatch(lines[number].strip())
        file = named[1] if named else file
        if lines[number].startswith(FENCE):
            end = next(n for n in range(number + 1, len(lines)) if lines[n].rstrip() == FENCE)
            if lines[number] == f"{FENCE}console":
                yield from _commands(lines, number + 1, end)
            elif file is not None:
                yield File(file, "\n".join(lines[number + 1 : end]) + "\n")
                file = None
            number = end
        number += 1


def _commands(lines: list[str], start: int, end: int) -> Iterator[Command]:
    begins = [n for n in range(start, end) if lines[n].startswith("$ ")]
    for begin, stop in zip(begins, [*begins[1:], end], strict=True):
        after = begin + 1
        while after < stop and lines[after].startswith("> "):
            after += 1
        text = "\n".join([lines[begin][2:], *(line[2:] for line in lines[begin + 1 : after])])
        yield Command(text, "\n".join(lines[after:stop]).rstrip("\n"), range(after, stop))


def begins_with(text: str) -> list[str]:
    return BEGINS.findall(text)


def make_demo(folder: Path) -> Demo:
    """Run `muniment demo` in that folder."""
    printed = run("muniment demo --no-serve", folder=folder)
    if not (folder / "demo").is_dir():
        raise RuntimeError(printed)
    return Demo(folder / "demo", printed)


def lay_out(page: Path, *, folder: Path, demo: Demo | None) -> None:
    """Put into the folder what the page begins with."""
    for name in begins_with(page.read_text(encoding="utf-8")):
        if name == "demo":
            if demo is None:
                raise ValueError(f"{page.name} needs the demo")
            shutil.copytree(demo.folder, folder / "demo", copy_function=os.link)
        else:
            other = (page.parent / name).read_text(encoding="utf-8")
            for step in steps_of(other):
                if isinstance(step, File):
                    write_file(step, folder=folder)


def write_file(file: File, *, folder: Path) -> None:
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(file.content, encoding="utf-8")


def printed_by(command: Command, *, folder: Path, demo: Demo | None) -> str:
    """What the command prints, standard output and standard error as they come. Raises RuntimeError for a crash."""
    if command.text == MAKE_DEMO:
        return demo.printed if demo is not None else ""
    return run(command.text, folder=folder)


def run(command: str, *, folder: Path) -> str:
    with TemporaryDirectory() as bin_folder:
        shim = Path(bin_folder) / "muniment"
        shim.write_text(SHIM.format(python=sys.executable), encoding="utf-8")
        shim.chmod(0o755)
        environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    if "Traceback (most recent call last)" in done.stdout:
        raise RuntimeError(f"{command}\n{done.stdout}")
    return done.stdout.rstrip("\n")


def pages_with_commands(docs: Path) -> list[Path]:
    """The pages that show a command, the reference's usage lines apart."""
    pages = sorted(path for path in docs.rglob("*.md") if path.name != "cli.md")
    return [page for page in pages if any(isinstance(s, Command) for s in steps_of(page.read_text(encoding="utf-8")))]


def needs_demo(page: Path) -> bool:
    return "demo" in begins_with(page.read_text(encoding="utf-8"))


def refresh_all(docs: Path) -> None:
    """Run every page's commands and write down what they print now."""
    with TemporaryDirectory() as made:
        demo = make_demo(Path(made))
        for page in pages_with_commands(docs):
            with TemporaryDirectory() as folder:
                _refresh(page, folder=Path(folder), demo=demo)


def _refresh(page: Path, *, folder: Path, demo: Demo) -> None:
    text = page.read_text(encoding="utf-8")
    lay_out(page, folder=folder, demo=demo)
    changes: list[tuple[range, list[str]]] = []
    for step in steps_of(text):
        if isinstance(step, File):
            write_file(step, folder=folder)
            continue
        printed = printed_by(step, folder=folder, demo=demo)
        changes.append((step.at, printed.split("\n") if printed else []))
    lines = text.split("\n")
    for at, printed_lines in reversed(changes):
        lines[at.start : at.stop] = printed_lines
    page.write_text("\n".join(lines), encoding="utf-8")
    print(f"{page.name}: {len(changes)} commands")
