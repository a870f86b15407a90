"""The entry point: parse, run one command, say what is wrong. Exit 0: done. 1: problems. 2: wrongly asked."""

import sys
from collections.abc import Sequence
from importlib import import_module

from muniment import __version__
from muniment.faces.cli.parser import COMMANDS, parser_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = parser_of(__version__)
    parsed = parser.parse_args(arguments)
    command = next((command for command in COMMANDS if command.name == parsed.command), None)
    if command is None:
        parser.print_help()
        return 2
    from muniment.faces.cli.failing import reported

    module = import_module(f"muniment.faces.cli.{command.module}")
    try:
        return reported(lambda: int(module.run(parsed)))
    except BrokenPipeError:
        sys.stderr.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
