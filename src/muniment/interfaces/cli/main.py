"""The entry point: parse, run one command, say what is wrong. Exit 0: done. 1: problems. 2: wrongly asked."""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module

from muniment import __version__
from muniment.interfaces.cli.parser import CLI_COMMANDS, parser_of

_OBJECTS_BEFORE_COLLECTING = 50_000
"""A command ends soon, and most of what it makes lasts until then: looking for cycles every 700 objects is a tenth of
its time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)
    words = sys.argv[1:] if arguments is None else arguments
    parser = parser_of(__version__, words=words)
    parsed = parser.parse_args(words)
    command = next((command for command in CLI_COMMANDS if command.name == parsed.command), None)
    if command is None:
        parser.print_help()
        return 2
    from muniment.interfaces.cli.errors import run_reporting_errors

    module, _, function = command.entry.partition(":")
    run = getattr(import_module(f"muniment.interfaces.cli.{module}"), function)
    try:
        return run_reporting_errors(lambda: int(run(parsed)))
    except BrokenPipeError:
        sys.stderr.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
