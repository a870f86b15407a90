"""The command line answers at once, because nothing heavy is loaded before the command that needs it."""

import subprocess
import sys

# What `muniment --help` may load beyond the bare interpreter. An entry is a module with all that is inside it.
ALLOWED = {
    "muniment",
    "muniment.faces",
    "muniment.faces.cli",
    # argparse, and what it needs for the width of the terminal
    "argparse", "gettext", "re", "enum", "types", "operator", "functools", "collections", "keyword", "reprlib",
    "copyreg", "shutil", "fnmatch", "bz2", "lzma", "zlib", "_compression", "_bz2", "_lzma", "errno", "pwd", "grp",
    "locale", "struct", "weakref", "warnings", "contextlib", "typing", "threading", "textwrap", "string",
    "dataclasses", "inspect", "ast", "dis", "opcode", "importlib", "linecache", "tokenize", "token", "copy", "abc",
    "pathlib", "urllib", "ipaddress", "ntpath", "math", "itertools", "compression", "annotationlib", "_colorize",
    "__future__",
}  # fmt: skip
HEAVY = {"duckdb", "jinja2", "lark", "pikepdf", "pydantic", "rich", "sqlglot", "typst", "yaml"}

ASK_FOR_HELP = """
import sys
before = set(sys.modules)
sys.argv = ["muniment", "--help"]
from muniment.faces.cli.main import main
try:
    status = main()
except SystemExit as end:
    status = end.code
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(status)
"""


def _loaded_for_help() -> set[str]:
    done = subprocess.run([sys.executable, "-c", ASK_FOR_HELP], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "usage: muniment" in done.stdout.lower()
    return set(done.stderr.split())


def test_help_loads_nothing_heavy() -> None:
    assert {name.partition(".")[0] for name in _loaded_for_help()} & HEAVY == set()


def test_help_loads_only_what_is_listed() -> None:
    assert sorted(name for name in _loaded_for_help() if not _is_allowed(name)) == []


def _is_allowed(name: str) -> bool:
    """Private C modules of the standard library come with the public ones; rooms of ours count one by one."""
    if name.split(".", maxsplit=1)[0] == "muniment":
        return name in ALLOWED or name.startswith("muniment.faces.cli.")
    top = name.partition(".")[0]
    return top in ALLOWED or (top.startswith("_") and top in sys.stdlib_module_names)
