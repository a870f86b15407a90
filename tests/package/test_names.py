"""One name, one thing; and a module holds a thought, not a function."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

Trees = dict[str, ast.Module]

BY_CONVENTION = {
    "COMMANDS": "what each capability gives to the table of commands",
    "Command": "Django's name for what a management command is",
    "main": "where a program starts; verify.py goes out by itself",
    "routes": "what each module of pages gives to the table of addresses",
    "urlpatterns": "Django's name for a table of addresses",
}
SHORT = 40
FEWEST_LINES_ON_AVERAGE = 115
MOST_SHORT = 0.12


def _modules(product: Trees) -> dict[str, ast.Module]:
    return {
        path: tree for path, tree in product.items() if not path.endswith("__init__.py") and "/migrations/" not in path
    }


def _public(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case _:
                names = []
        yield from (name for name in names if not name.startswith("_"))


def test_a_public_name_is_defined_in_one_module(product: Trees) -> None:
    defined: dict[str, list[str]] = defaultdict(list)
    for path, tree in _modules(product).items():
        for name in {*_public(tree)}:
            defined[name].append(path)
    twice = {name: paths for name, paths in defined.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in BY_CONVENTION} == {}
    assert {*twice} == {*BY_CONVENTION}, "an exception that is none any more goes"


def test_a_module_holds_a_thought_and_not_a_function(root: Path, product: Trees) -> None:
    lengths = [len((root / path).read_text(encoding="utf-8").splitlines()) for path in _modules(product)]
    assert sum(lengths) / len(lengths) >= FEWEST_LINES_ON_AVERAGE
    assert sum(length < SHORT for length in lengths) / len(lengths) <= MOST_SHORT


def test_no_interface_raises_a_rule(product: Trees) -> None:
    raised = [
        f"{path}:{node.lineno}"
        for path, tree in product.items()
        if path.startswith("src/muniment/interfaces/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc is not None and "RefusedError" in ast.unparse(node.exc)
    ]
    assert raised == []


def test_nothing_installed_makes_the_address_of_a_page(product: Trees) -> None:
    made = [
        f"{path}:{node.lineno}"
        for path, tree in product.items()
        if path.startswith(("src/muniment/installation/", "src/muniment/application/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "reverse"
    ]
    assert made == []
