"""The number is right because nothing inexact and nothing from outside takes part in it."""

import ast
from collections.abc import Callable, Iterator

Trees = dict[str, ast.Module]

# path -> why a true division there is exact. Fraction(a, b) says the same and needs no entry.
EXACT_DIVISIONS: dict[str, str] = {}

# path -> why a float there decides no figure.
HARMLESS_FLOATS = {
    "src/muniment/domain/kernel/problem.py": "how alike two names must be before one is suggested for the other",
}

CLOCKS = {"now", "utcnow", "today"}


def _found(trees: Trees, error: Callable[[ast.AST], bool]) -> list[str]:
    return sorted(f"{path}:{node.lineno}" for path, node in _nodes(trees) if error(node))


def _nodes(trees: Trees) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.expr | ast.stmt):
                yield path, node


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def test_no_float_is_written_or_made_where_numbers_decide(pure: Trees) -> None:
    def is_float(node: ast.AST) -> bool:
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        return literal or _calls(node, "float")

    assert _found({path: tree for path, tree in pure.items() if path not in HARMLESS_FLOATS}, is_float) == []


def test_no_name_is_typed_as_float_where_numbers_decide(pure: Trees) -> None:
    annotations = {
        path: ast.Module(body=[ast.Expr(note) for note in _annotations(tree)], type_ignores=[])
        for path, tree in pure.items()
    }
    assert _found(annotations, lambda node: isinstance(node, ast.Name) and node.id == "float") == []


def test_no_true_division_where_numbers_decide(pure: Trees) -> None:
    """`/` on integers makes a float and on Decimals rounds silently: write Fraction(a, b)."""

    def divides(node: ast.AST) -> bool:
        return isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)

    unexplained = {path: tree for path, tree in pure.items() if path not in EXACT_DIVISIONS}
    assert _found(unexplained, divides) == []


def test_every_exception_is_for_a_module_that_exists(pure: Trees) -> None:
    assert [path for path in EXACT_DIVISIONS | HARMLESS_FLOATS if path not in pure] == []


def test_rounding_is_the_contracts_and_never_the_languages(pure: Trees) -> None:
    """round() is banker's rounding; only a Rounding that the agreed text states may decide."""
    assert _found(pure, lambda node: _calls(node, "round")) == []


def test_no_negative_power_where_numbers_decide(pure: Trees) -> None:
    """10 ** -2 is a float, although both its sides are integers."""

    def is_negative_power(node: ast.AST) -> bool:
        power = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
        return power and isinstance(node, ast.BinOp) and isinstance(node.right, ast.UnaryOp)

    assert _found(pure, is_negative_power) == []


def test_no_clock_is_read_where_the_same_record_must_give_the_same_answer(deterministic: Trees) -> None:
    def reads_clock(node: ast.AST) -> bool:
        asks = isinstance(node, ast.Attribute) and node.attr in CLOCKS
        imports = isinstance(node, ast.Import) and any(name.name == "time" for name in node.names)
        imports_from = isinstance(node, ast.ImportFrom) and node.module == "time"
        return asks or imports or imports_from

    assert _found(deterministic, reads_clock) == []


def test_chance_in_the_example_is_seeded(product: Trees) -> None:
    """`random.random()` and its kin draw from a generator that nobody seeded; `random.Random(seed)` does not."""

    def draws_unseeded(node: ast.AST) -> bool:
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return _calls(node, "Random") and isinstance(node, ast.Call) and not node.args
        return node.value.id == "random" and node.attr != "Random"

    assert _found(product, draws_unseeded) == []


def test_nothing_is_typed_as_any(product: Trees, tests: Trees) -> None:
    def is_any(node: ast.AST) -> bool:
        imported = isinstance(node, ast.ImportFrom) and any(name.name == "Any" for name in node.names)
        return imported or (isinstance(node, ast.Attribute) and node.attr == "Any")

    assert _found(product | tests, is_any) == []


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield node.annotation
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield node.returns
