"""docs/reference/cli.md: every command and option, from the parser itself."""

import argparse
from collections.abc import Iterator

from scripts.reference.markdown import code, page, table

from muniment import __version__
from muniment.interfaces.cli.parser import parser_of

EXIT_CODES = table(
    ("Exit", "Means"),
    [
        ("`0`", "done; `check` found no error (warnings may have been printed)"),
        ("`1`", ("problems in the files, or a rule that stands against it; all of them are on standard error, and "
         "nothing was written (`check` prints its problems on standard output)")),
        ("`2`", "the command line itself was wrong"),
    ],
)  # fmt: skip


def commands() -> dict[str, argparse.ArgumentParser]:
    """Name -> parser, in the order of the help."""
    for action in parser_of(__version__)._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def cli_page() -> str:
    parser = parser_of(__version__)
    parts = [
        f"{parser.description} This is version {__version__}.",
        (
            "Results go to standard output; progress and what to try next go to standard error. On a "
            "terminal tables have "
            "rules and bold headings; piped, they are plain aligned text."
        ),
        EXIT_CODES,
        table(("Option", "What it does"), _rows(parser, is_top=True)),
    ]
    for name, command in commands().items():
        parts += [f"## {name}", command.description or "", code(_usage(name, command), "console")]
        parts.append(
            table(("Argument", "What it does", "Default"), [(*row, default) for *row, default in _full(command)])
        )
    return page(title="The command line", parts=parts)


def _usage(name: str, parser: argparse.ArgumentParser) -> str:
    shown = [f"$ muniment {name}"]
    for action in _actions(parser):
        word = f"{action.option_strings[0]} {_value(action)}".strip() if action.option_strings else str(action.metavar)
        shown.append(word if action.required else f"[{word}]")
    return " ".join(shown)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Positional arguments first, then what must be given, then the rest; `--help` is the same everywhere."""
    found = [action for action in parser._actions if action.dest not in ("help", "command")]
    yield from (action for action in found if not action.option_strings)
    yield from sorted((action for action in found if action.option_strings), key=lambda action: not action.required)


def _value(action: argparse.Action) -> str:
    if action.choices is not None and action.option_strings:
        return "{" + ",".join(str(choice) for choice in action.choices) + "}"
    return str(action.metavar) if action.nargs != 0 and action.metavar else ""


def _rows(parser: argparse.ArgumentParser, *, is_top: bool = False) -> Iterator[tuple[str, str]]:
    if is_top:
        yield "`-h`, `--help`", "shows the help, here or after any command"
    for action in _actions(parser):
        names = [f"`{name} {_value(action)}`".replace(" `", "`") for name in action.option_strings]
        yield ", ".join(names) or f"`{action.metavar}`", action.help or ""


def _full(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, str]]:
    for (name, says), action in zip(_rows(parser), _actions(parser), strict=True):
        yield name, says, _default(action)


def _default(action: argparse.Action) -> str:
    if action.required:
        return "must be given"
    if action.default in (None, False, []):
        return ""
    return f"`{action.default}`"
