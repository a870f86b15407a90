"""The command line answers at once, because nothing heavy is loaded before the command that needs it."""

import subprocess
import sys
from pathlib import Path

# What `muniment --help` may load beyond the bare interpreter. An entry is a module with all that is inside it.
ALLOWED = {
    "muniment",
    "muniment.interfaces",
    "muniment.interfaces.cli",
    # argparse, and what it needs for the width of the terminal
    "argparse", "gettext", "re", "enum", "types", "operator", "functools", "collections", "keyword", "reprlib",
    "copyreg", "shutil", "fnmatch", "bz2", "lzma", "zlib", "_compression", "_bz2", "_lzma", "errno", "pwd", "grp",
    "locale", "struct", "weakref", "warnings", "contextlib", "typing", "threading", "textwrap", "string",
    "dataclasses", "inspect", "ast", "dis", "opcode", "importlib", "linecache", "tokenize", "token", "copy", "abc",
    "pathlib", "urllib", "ipaddress", "ntpath", "math", "itertools", "compression", "annotationlib", "_colorize",
    "__future__",
    # set before anything is made
    "gc",
}  # fmt: skip
HEAVY = {
    "django", "duckdb", "jinja2", "lark", "pikepdf", "psycopg", "pydantic", "rich", "sqlglot", "typst", "yaml",
}  # fmt: skip

ASK_FOR_HELP = """
import sys
before = set(sys.modules)
sys.argv = ["muniment", "--help"]
from muniment.interfaces.cli.main import main
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


def test_a_folder_is_read_without_the_database_library(tmp_path: Path) -> None:
    """Django takes 0.4 s, and is loaded only where a database is named."""
    code = (
        "import sys; from muniment.interfaces.cli.main import main; main(sys.argv[1:]); print('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.split()[-1] == "False", done.stderr


def _is_allowed(name: str) -> bool:
    """Private C modules of the standard library come with the public ones; modules of ours count one by one."""
    if name.split(".", maxsplit=1)[0] == "muniment":
        return name in ALLOWED or name.startswith("muniment.interfaces.cli.")
    top = name.partition(".")[0]
    return top in ALLOWED or (top.startswith("_") and top in sys.stdlib_module_names)
