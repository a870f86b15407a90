"""docs/reference/problems.md: every problem code with its messages, collected from the source by its syntax trees."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.reference.markdown import page, table
from scripts.reference.wording import Words

import muniment

SOURCE = Path(muniment.__file__).parent
CODE = re.compile(r"[A-Z]\d{3}")
FAMILIES = (
    ("Y", "YAML", "A file of the agreed text is not in the dialect."),
    ("R", "The agreed text", "The text can be read, and something in it does not fit."),
    ("L", "Conditions", "A condition of a measure. The place is that of the character."),
    ("E", "Evidence", ("A file or a table of evidence. At most twenty of a kind are listed for a file, then one line "
     "says how many more there are.")),
    ("C", "The record", "The ledger, or the text that it adopted. The line is the number of the entry."),
    ("F", "The folder", "What is in the contract folder."),
    ("B", "Bundles", "A bundle, or what came out when it was performed again."),
    ("P", "Papers", "A report that could not be made."),
    ("G", "The database", "Where a database is, what is in it, and the site over it."),
    ("D", "The deployment", "What `muniment check-deployment` finds."),
    ("Q", "What was asked", "The question does not fit the contract."),
)  # fmt: skip
SAID_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "R005": ("domain/regime/scalars.py", "domain/regime/levels.py", "domain/kernel/period.py", "domain/kernel/money.py",
             "domain/kernel/quantity.py"),
    "R040": ("domain/regime/contract.py", "domain/kernel/calendars.py"),
    "L001": ("domain/language/expectations.py",),
}  # fmt: skip
"""Codes whose words come from errors that these modules raise: ValueError('what - remedy') or ConditionSyntaxError."""
CELLS: Mapping[str, tuple[str, ...]] = {
    "E110": ("_number_words", "_size_words"),
    "E111": ("_date_words",),
    "E112": ("_date_words",),
    "E113": ("_type_words",),
    "E120": ("_clock_words",),
}
"""Codes of findings in cells -> the functions of adapters/ingestion/messages.py that word them."""
RULES = {"...": "<what was to be chosen>", "..._only": "<side>_only"}
"""Rules whose name depends on the act -> how the page writes them."""
MESSAGES = "adapters/ingestion/messages.py"


@dataclass
class Known:
    """What is said under a code, in the order of the source; whether any of it is only a warning."""

    said: dict[str, None] = field(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True)
class Call:
    """A call that names a code, and the function around it."""

    function: ast.AST
    call: ast.Call
    code: str

    def words(self) -> tuple[ast.expr | None, ast.expr | None]:
        """What is wrong and what to do: by their names, or as the two arguments after the code."""
        named = {keyword.arg: keyword.value for keyword in self.call.keywords}
        given = self.call.args
        position = next(
            (n for n, arg in enumerate(given) if isinstance(arg, ast.Constant) and arg.value == self.code), None
        )
        after = [] if position is None else given[position + 1 :]
        what = named.get("what") or (after[0] if after else None)
        return what, named.get("remedy") or (after[1] if len(after) > 1 else None)


def problems_page() -> str:
    found = known_problems()
    parts = [
        (
            "A problem is printed as `file:line:column: what is wrong - what to do`. Its code is stable and stands in "
            "`check --format json`; its words may be improved. `...` stands for what depends on the "
            "file. A warning stops "
            "nothing. How to go about a long list: [read the problems](../how-to/read-the-problems.md)."
        ),
    ]
    known_letters = {letter for letter, _, _ in FAMILIES}
    others = sorted({code[0] for code in found} - known_letters)
    for letter, title, says in (*FAMILIES, *((letter, f"Codes that begin with {letter}", "") for letter in others)):
        rows = [(f"`{code}`", "<br>".join(_shown(known))) for code, known in found.items() if code[0] == letter]
        parts += [f"## {title}", says, table(("Code", "What is said"), rows)]
    parts += [
        "## Refusals",
        (
            "An act that a rule does not allow is refused, and nothing is recorded: `refused: what "
            "stands against it - who "
            "could do it, or what to do`. The rule's name is stable."
        ),
        table(("Rule", "What is said"), [(f"`{rule}`", "<br>".join(said)) for rule, said in known_refusals().items()]),
    ]
    return page(title="Problems", parts=parts)


def _shown(known: Known) -> list[str]:
    return [*(["(a warning)"] if known.is_warning else []), *known.said]


def codes_in_source() -> frozenset[str]:
    """Every text of the source that is a code."""
    texts = (node.value for _, tree in _modules() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(text for text in texts if isinstance(text, str) and CODE.fullmatch(text))


def known_problems() -> dict[str, Known]:
    """Code -> what is said under it, in the order of the codes."""
    constants = _constants()
    found: dict[str, Known] = {code: Known() for code in sorted(codes_in_source())}
    for _, tree in _modules():
        known_here = {**constants, **_own_constants(tree)}
        for function, call in _calls(tree):
            code = _code(call)
            if code is not None:
                _note(found[code], Call(function, call, code), known_here)
    for code, modules in SAID_ELSEWHERE.items():
        for name in modules:
            _note_errors(found[code], name, constants)
    _note_cells(found, constants)
    for known in found.values():
        known.said = {said: None for said in known.said if said.strip(".- ") not in ("", "correct it")}
    return {code: known for code, known in found.items() if known.said}


def known_refusals() -> dict[str, list[str]]:
    """Rule -> what is said under it."""
    constants = _constants()
    found: dict[str, dict[str, None]] = {}
    for _, tree in _modules():
        known_here = {**constants, **_own_constants(tree)}
        for function, call in _calls(tree):
            # A kind of refusal of its own says its rule to the class above it.
            if ast.unparse(call.func) in ("RefusedError", "super().__init__") and len(call.args) == 3:
                words = Words(function, call, known_here)
                for rule in words.of(call.args[0]):
                    for said in words.message(call.args[1], call.args[2]):
                        found.setdefault(RULES.get(rule, rule), {})[said] = None
    return {rule: list(said) for rule, said in sorted(found.items())}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _module(name: str) -> ast.Module:
    return ast.parse((SOURCE / name).read_text(encoding="utf-8"))


def _constants() -> dict[str, ast.expr]:
    """Names in capitals that stand for a text and may be imported, from every module."""
    every = (_own_constants(tree) for _, tree in _modules())
    return {name: text for own in every for name, text in own.items() if not name.startswith("_")}


def _own_constants(tree: ast.Module) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str())) if name.isupper():
                found[name] = node.value
    return found


def _calls(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Every call with the innermost function around it."""

    def walk(node: ast.AST, function: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
        inner = node if isinstance(node, ast.FunctionDef) else function
        if isinstance(node, ast.Call):
            yield inner, node
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inner)

    yield from walk(tree, tree)


def _code(call: ast.Call) -> str | None:
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "code")]
    for argument in given:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and CODE.fullmatch(argument.value):
            return argument.value
    return None


def _note(known: Known, said: Call, constants: Mapping[str, ast.expr]) -> None:
    what, remedy = said.words()
    known.is_warning |= any(isinstance(arg, ast.Constant) and arg.value == "warning" for arg in said.call.args)
    if what is None or remedy is None:
        return
    messages = Words(said.function, said.call, constants).message(what, remedy)
    if messages == ["... - ..."]:
        messages = [message for caller in _callers(said) for message in caller.messages(what, remedy, constants)]
    known.said |= dict.fromkeys(messages)


@dataclass(frozen=True)
class Caller:
    """A call of a function that words a problem with what it was given."""

    function: ast.AST
    call: ast.Call
    given: Mapping[str, ast.expr]

    def messages(self, what: ast.expr, remedy: ast.expr, constants: Mapping[str, ast.expr]) -> list[str]:
        words = Words(self.function, self.call, constants)
        return words.message(self.given.get(ast.unparse(what), what), self.given.get(ast.unparse(remedy), remedy))


def _callers(said: Call) -> Iterator[Caller]:
    if not isinstance(said.function, ast.FunctionDef):
        return
    parameters = [argument.arg for argument in said.function.args.args if argument.arg != "self"]
    for _, tree in _modules():
        for function, call in _calls(tree):
            if ast.unparse(call.func).split(".")[-1] == said.function.name and len(call.args) == len(parameters):
                yield Caller(function, call, dict(zip(parameters, call.args, strict=True)))


def _note_errors(known: Known, name: str, constants: Mapping[str, ast.expr]) -> None:
    for function, call in _calls(_module(name)):
        words, raised = Words(function, call, constants), ast.unparse(call.func)
        if raised == "ValueError" and call.args:
            known.said |= dict.fromkeys(said for said in words.of(call.args[0]) if " - " in said)
        elif raised == "ConditionSyntaxError":
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            known.said |= dict.fromkeys(words.message(named["what"], named["remedy"]))


def _note_cells(found: dict[str, Known], constants: Mapping[str, ast.expr]) -> None:
    """The findings of cells and rows: words_for answers by code, and the functions it calls by kind of cell."""
    functions = {node.name: node for node in _module(MESSAGES).body if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(functions["words_for"]):
        named = _code_named(node)
        if named and isinstance(node, ast.If):
            found[named].said |= _returned(node.body, functions["words_for"], constants)
    for code, names in CELLS.items():
        for name in names:
            found[code].said |= _returned(functions[name].body, functions[name], constants)
    only = "neither yes nor no"
    found["E113"].said = {said: None for said in found["E113"].said if only in said}


def _code_named(node: ast.AST) -> str | None:
    if not isinstance(node, ast.If):
        return None
    names = (name.id for name in ast.walk(node.test) if isinstance(name, ast.Name))
    return next((code for name in names if (code := FINDINGS.get(name))), None)


def _finding_codes() -> dict[str, str]:
    """NOT_LISTED -> E115 and so on, from the one line of findings.py that names them."""
    for node in _module("adapters/ingestion/findings.py").body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            values = ast.literal_eval(node.value)
            return dict(zip((ast.unparse(name) for name in node.targets[0].elts), values, strict=True))
    raise LookupError("findings.py no longer names its codes in one line")


FINDINGS = _finding_codes()


def _returned(body: list[ast.stmt], function: ast.AST, constants: Mapping[str, ast.expr]) -> dict[str, None]:
    found: dict[str, None] = {}
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
                found |= dict.fromkeys(Words(function, node, constants).message(*node.value.elts))
    return found
