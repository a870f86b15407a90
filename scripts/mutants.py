"""The mutants of a module: one small change each, which a good test notices.

Comparison, boolean, arithmetic, constant and return mutants. Left out, because no rule hangs on them: annotations and
`Literal` lists, type variables, decorators, docstrings, imports, `assert`, `strict=` of `zip`; and texts for people,
which are the strings with a blank in them: scripts/compare_outputs.py compares those as they are shown.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OTHER = "~other"
Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class Mutant:
    """`function`: qualified name of the function or class around it, empty for none; `on_import`: around it is no
    function. `nth`: which of those that read the same in there. `lines`: from the beginning of its statement to the end
    of what is changed. The change: `value` in a field of `node` of the module's tree."""

    file: str
    function: str
    on_import: bool
    lines: range
    kind: str
    text: str
    nth: int
    node: ast.AST
    field: str
    value: object

    @property
    def key(self) -> Key:
        """What names it wherever its function stands: no line number."""
        return self.file, self.function, self.text, self.nth

    def __str__(self) -> str:
        which = f" (number {self.nth})" if self.nth > 1 else ""
        return f"{self.file}:{self.lines[-1]} {self.function or '(module)'}: {self.text}{which}"


class Source:
    """A module's text, and its mutants in the order of the text."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self._tree = ast.parse(path.read_text(encoding="utf-8"))

    def mutants(self) -> tuple[Mutant, ...]:
        return tuple(_Search(self._name).all_in(self._tree))

    def compiled(self, mutant: Mutant) -> CodeType:
        """The module with this one change in it."""
        with _changed(mutant.node, mutant.field, mutant.value):
            return compile(ast.fix_missing_locations(self._tree), self._path, "exec")


@contextmanager
def _changed(node: ast.AST, field: str, value: object) -> Iterator[None]:
    before = getattr(node, field)
    setattr(node, field, value)
    try:
        yield
    finally:
        setattr(node, field, before)


class _Search:
    """One walk through a module. It knows in which function and statement it is."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._function = ""
        self._on_import = True
        self._answers_yes_or_no = False
        self._begins = 1
        self._seen: Counter[tuple[str, str]] = Counter()

    def all_in(self, node: ast.AST) -> Iterator[Mutant]:
        match node:
            case ast.FunctionDef():
                yield from self._in_each([*node.args.defaults, *filter(None, node.args.kw_defaults)])
                yield from self._inside(node, on_import=False, answers_yes_or_no=_is_bool(node.returns))
            case ast.ClassDef():
                yield from self._inside(node, on_import=self._on_import, answers_yes_or_no=False)
            case ast.AnnAssign():
                self._begins = node.lineno
                yield from self._in_each(filter(None, [node.value]))
            case _ if not _is_left_out(node):
                if isinstance(node, ast.stmt):
                    self._begins = node.lineno
                yield from (self._mutant(node, *change) for change in self._changes_of(node))
                yield from self._in_each(_parts(node))

    def _in_each(self, nodes: Iterable[ast.AST]) -> Iterator[Mutant]:
        for node in nodes:
            yield from self.all_in(node)

    def _inside(
        self, node: ast.FunctionDef | ast.ClassDef, *, on_import: bool, answers_yes_or_no: bool
    ) -> Iterator[Mutant]:
        before = self._function, self._on_import, self._answers_yes_or_no
        self._function = f"{self._function}.{node.name}".lstrip(".")
        self._on_import, self._answers_yes_or_no = on_import, answers_yes_or_no
        yield from self._in_each(node.body)
        self._function, self._on_import, self._answers_yes_or_no = before

    def _mutant(self, node: ast.AST, kind: str, field: str, value: object) -> Mutant:
        said = ast.unparse(node)
        with _changed(node, field, value):
            text = " ".join(f"{said} -> {ast.unparse(node)}".split())
        self._seen[self._function, text] += 1
        lines = range(self._begins, (getattr(node, "end_lineno", None) or self._begins) + 1)
        nth = self._seen[self._function, text]
        return Mutant(self._file, self._function, self._on_import, lines, kind, text, nth, node, field, value)

    def _changes_of(self, node: ast.AST) -> Iterator[tuple[str, str, object]]:
        match node:
            case ast.Compare(ops=ops):
                for n, operator in enumerate(ops):
                    yield "comparison", "ops", [*ops[:n], COMPARED[type(operator)](), *ops[n + 1 :]]
            case ast.BoolOp(op=operator):
                yield "boolean", "op", ast.Or() if isinstance(operator, ast.And) else ast.And()
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield "boolean", "operand", ast.UnaryOp(ast.Not(), operand)
            case ast.UnaryOp(op=ast.USub()):
                yield "arithmetic", "op", ast.UAdd()
            case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in COMPUTED:
                yield "arithmetic", "op", COMPUTED[type(operator)]()
            case ast.Constant(value=value):
                yield from _other_constants(value)
            case ast.Return(value=ast.expr() as answer) if not isinstance(answer, ast.Constant):
                other = ast.UnaryOp(ast.Not(), answer) if self._answers_yes_or_no else ast.Constant(None)
                yield "return", "value", other


def _other_constants(value: object) -> Iterator[tuple[str, str, object]]:
    match value:
        case bool():
            yield "boolean", "value", not value
        case int():
            yield "constant", "value", value + 1
        case str() if " " not in value:
            yield "constant", "value", value + OTHER


def _is_bool(returns: ast.expr | None) -> bool:
    return isinstance(returns, ast.Name) and returns.id == "bool"


def _is_left_out(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")) | ast.keyword(arg="strict"):
            return True
        case ast.Call(func=ast.Name(id="TypeVar")) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case _:
            return False


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What the node is made of; of a text for people only the values in it."""
    parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.JoinedStr) and any(isinstance(p, ast.Constant) and " " in str(p.value) for p in parts):
        parts = [part for part in parts if not isinstance(part, ast.Constant)]
    yield from parts
