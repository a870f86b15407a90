"""A small contract whose text is right, and the mistakes that people make in it: one file each, in `broken/`.

A file in `broken/` says in its first line what is wrong. `@@` names the file of the contract that is changed, `-`
the lines that are taken out, `+` those that stand there instead, and `>>` every message that the check then prints. A
change without `-` is a new file, or the end of one. The sign ␉ is a tab, and ␇ a control character.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from muniment.domain.kernel.problem import Problem
from muniment.domain.portfolio.text import read_portfolio
from muniment.domain.regime.agreed import AgreedText, read_agreed_text

HERE = Path(__file__).parent
GOOD = {
    path.relative_to(HERE / "good").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((HERE / "good").rglob("*.yaml"))
}


def read_mistake(path: Path) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The contract's files with one mistake of `broken/` in them, and the messages it must give."""
    _, *lines = path.read_text(encoding="utf-8").replace("␉", "\t").replace("␇", "\a").splitlines()
    files, file = dict(GOOD), ""
    out: list[str] = []
    into: list[str] = []
    messages: list[str] = []
    for line in [*lines, ""]:
        mark, rest = line[:1], line[1:] + "\n"
        if mark != "+" and (into or (out and mark != "-")):
            files[file] = changed(files.get(file, ""), "".join(out), "".join(into))
            out, into = [], []
        match line[:2], mark:
            case "@@", _:
                file = line[3:].removesuffix(" is missing")
                if line.endswith(" is missing"):
                    del files[file]
            case ">>", _:
                messages.append(line[3:])
            case _, "-":
                out.append(rest)
            case _, "+":
                into.append(rest)
    return files, tuple(messages)


def changed(text: str, out: str, into: str) -> str:
    """The text with the lines `out`, which must stand in it once, replaced; or with `into` at its end."""
    if not out:
        return text + into
    assert f"\n{text}".count(f"\n{out}") == 1, f"these lines must stand in the good text once:\n{out}"
    return f"\n{text}".replace(f"\n{out}", f"\n{into}")[1:]


def everything_wrong(files: Mapping[str, str]) -> tuple[Problem, ...]:
    """Every problem of the agreed text, then those of what a board follows."""
    text, problems = read_agreed_text(files)
    measures = text.regime_at(on=text.signed.replace(month=4), known=None).measures if text and not problems else {}
    _, more = read_portfolio(files, measures=measures)
    return (*problems, *(more if not problems else ()))


@pytest.fixture(scope="session")
def mistake_in() -> Callable[[str], tuple[Mapping[str, str], tuple[str, ...]]]:
    """A mistake by the name of its file."""
    return lambda name: read_mistake(HERE / "broken" / f"{name}.txt")


@pytest.fixture(scope="session")
def messages_of() -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    """What the check prints of a contract's files, each message with its code before it."""
    return lambda files: tuple(f"{problem.code} {problem}" for problem in everything_wrong(files))


@pytest.fixture(scope="session")
def good() -> Mapping[str, str]:
    """The files of the small contract: path -> text."""
    return GOOD


@pytest.fixture
def agreed() -> Callable[..., AgreedText]:
    """The small contract, with further files (`changes/CCN-02.yaml`) or other texts in place of its own."""

    def read(files: Mapping[str, str] | None = None, /) -> AgreedText:
        text, problems = read_agreed_text({**GOOD, **(files or {})})
        assert [str(problem) for problem in problems] == []
        assert text is not None
        return text

    return read
