"""What an expression of the source can say, read from its syntax tree: messages without raising them."""

import ast
import re
from collections.abc import Iterator, Mapping


class Words:
    """Reads what an expression can say; what depends on the file becomes `...`."""

    def __init__(self, function: ast.AST, site: ast.AST, constants: Mapping[str, ast.expr]) -> None:
        self._function = function
        self._site = site
        self._constants = constants

    def message(self, what: ast.expr, remedy: ast.expr) -> list[str]:
        """Every pairing of what is wrong with what to do; words assigned together stay together."""
        together = self._together(what, remedy)
        if together:
            return together
        whats, remedies = self.of(what), self.of(remedy)
        return [f"{one} - {other}" for one in whats for other in remedies]

    def of(self, node: ast.expr, depth: int = 0) -> list[str]:
        """The texts that the expression can be."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr():
                return [_tidy("".join(self._part(part) for part in node.values))]
            case ast.IfExp():
                return [*self.of(node.body, depth), *self.of(node.orelse, depth)]
            case ast.BoolOp():
                return [said for value in node.values for said in self.of(value, depth) if said != "..."] or ["..."]
            case ast.BinOp(op=ast.Add()):
                return [_tidy(f"{a}{b}") for a in self.of(node.left, depth) for b in self.of(node.right, depth)]
            case ast.Call() if ast.unparse(node.func) in ("suggestion", "_did_you_mean") and depth < 3:
                return [f"did you mean '...'? or: {said}" for said in self.of(node.args[-1], depth + 1)]
            case ast.Name() if depth < 3:
                return self._named(node.id, depth)
            case _:
                return ["..."]

    def _part(self, part: ast.expr) -> str:
        if isinstance(part, ast.Constant):
            return str(part.value)
        if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Constant | ast.IfExp):
            said = self.of(part.value)
            return said[0] if len(said) == 1 else f"[{'/'.join(text.strip() for text in said if text)}]"
        if (
            isinstance(part, ast.FormattedValue)
            and isinstance(part.value, ast.Name)
            and part.value.id in self._constants
        ):
            return self.of(part.value)[0]
        return "..."

    def _named(self, name: str, depth: int) -> list[str]:
        if name in self._constants:
            return self.of(self._constants[name])
        found = [said for value in self._assigned(name) for said in self.of(value, depth + 1)]
        return list(dict.fromkeys(found)) or ["..."]

    def _assigned(self, name: str) -> list[ast.expr]:
        """What the name can stand for here: the assignments that can come before this place and are not undone."""
        found: list[ast.expr] = []
        for before in _statements_before(self._function, self._site):
            here = [value for node in ast.walk(before) for value in _values(node, name)]
            found = [*here, *found]
            if here and isinstance(before, ast.Assign):
                break
        return found

    def _together(self, what: ast.expr, remedy: ast.expr) -> list[str]:
        if not (isinstance(what, ast.Name) and isinstance(remedy, ast.Name)):
            return []
        whats, remedies = self._assigned(what.id), self._assigned(remedy.id)
        if len(whats) < 2 or len(whats) != len(remedies):
            return []
        return [
            f"{a} - {b}"
            for one, other in zip(whats, remedies, strict=True)
            for a in self.of(one)
            for b in self.of(other)
        ]


def _values(node: ast.AST, name: str) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Assign):
        return
    target = node.targets[0]
    if isinstance(target, ast.Name) and target.id == name:
        yield node.value
    elif isinstance(target, ast.Tuple) and not isinstance(node.value, ast.Tuple):
        yield from (ast.Constant("...") for one in target.elts if ast.unparse(one) == name)
    elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        for one, value in zip(target.elts, node.value.elts, strict=True):
            if isinstance(one, ast.Name) and one.id == name:
                yield value


def _statements_before(function: ast.AST, site: ast.AST) -> Iterator[ast.stmt]:
    """The statements that can run before the site, the nearest first; not those of branches that exclude it."""
    for block in reversed(list(_blocks_around(function, site))):
        yield from reversed(block)


def _blocks_around(node: ast.AST, site: ast.AST) -> Iterator[list[ast.stmt]]:
    """From the outside in: of each block around the site, the statements before the one that holds it."""
    for _, part in ast.iter_fields(node):
        if isinstance(part, list):
            for number, inner in enumerate(part):
                if isinstance(inner, ast.AST) and any(found is site for found in ast.walk(inner)):
                    yield [statement for statement in part[:number] if isinstance(statement, ast.stmt)]
                    yield from _blocks_around(inner, site)
                    return
        elif isinstance(part, ast.AST) and any(found is site for found in ast.walk(part)):
            yield from _blocks_around(part, site)
            return


def _tidy(text: str) -> str:
    return re.sub(r"(\.\.\.){2,}", "...", text)
