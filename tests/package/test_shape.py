"""Modules are small and named after the domain, and whoever makes an exception says why."""

import ast
import re
from pathlib import Path

Trees = dict[str, ast.Module]

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "services", "tools"}
LONGEST = 350
LONGEST_TEST = 450
"""A test file is read in parts, a rule at a time."""
STAND_ALONE = {"src/muniment/adapters/bundles/verify.py": 500}
"""Longer, because each goes out by itself as one file, with nothing of ours beside it."""
EXCEPTION = re.compile(
    r"#\s*(?:noqa|type:\s*ignore)\b(?P<codes>:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])?(?P<rest>.*)"
)


def test_no_module_has_a_name_that_says_nothing(product: Trees, tests: Trees) -> None:
    paths = [Path(path) for path in product | tests]
    assert [str(path) for path in paths if EMPTY_NAMES & {path.stem, *path.parent.parts}] == []


def test_no_module_is_too_long_to_read_in_one_go(root: Path, product: Trees, tests: Trees) -> None:
    lengths = {path: len((root / path).read_text(encoding="utf-8").splitlines()) for path in product | tests}
    allowed = {**dict.fromkeys(product, LONGEST), **dict.fromkeys(tests, LONGEST_TEST), **STAND_ALONE}
    assert {path: length for path, length in lengths.items() if length > allowed[path]} == {}


def test_test_files_have_names_of_their_own(tests: Trees) -> None:
    """A failing test is looked up by its file name, so no two files share one."""
    names = [Path(path).name for path in tests if Path(path).name != "conftest.py"]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_skip_says_why(tests: Trees) -> None:
    silent = [
        f"{path}:{node.lineno}"
        for path, tree in tests.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and _skips(node) and not _gives_reason(tree, node)
    ]
    assert silent == []


def _skips(node: ast.Attribute) -> bool:
    holder = node.value
    marks = isinstance(holder, ast.Attribute) and holder.attr == "mark" and node.attr in {"skip", "skipif", "xfail"}
    stops = isinstance(holder, ast.Name) and holder.id == "pytest" and node.attr in {"skip", "xfail"}
    return marks or stops


def _gives_reason(tree: ast.Module, used: ast.Attribute) -> bool:
    call = next((node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.func is used), None)
    if call is None:
        return False
    named = [word.value for word in call.keywords if word.arg in {"reason", "msg"}]
    first = call.args[:1] if used.attr != "skipif" else []
    return any(not (isinstance(reason, ast.Constant) and not reason.value) for reason in named + first)


def test_every_lint_or_type_exception_names_its_rule_and_its_reason(root: Path, product: Trees, tests: Trees) -> None:
    """Written `# noqa: S608  # why` or `# type: ignore[code]  # why`."""
    unexplained = []
    for path in product | tests:
        if (root / path) == Path(__file__):
            continue
        for number, line in enumerate((root / path).read_text(encoding="utf-8").splitlines(), start=1):
            exception = EXCEPTION.search(line)
            if exception and not (exception["codes"] and re.search(r"\w{3,}", exception["rest"])):
                unexplained.append(f"{path}:{number}")
    assert unexplained == []
