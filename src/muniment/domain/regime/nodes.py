"""The YAML of the agreed text as a tree of nodes, each with its file, line and column.

Every scalar is text; the schema gives it a type.

The dialect is strict YAML: no anchors, merge keys, tags, several documents or duplicate keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Place, Problem

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

PathStep = str | int
_DEEPEST = 20
"""How many lists and mappings may stand inside one another; the agreed text needs six."""
_UNREADABLE = frozenset({"Y004", "Y009"})
"""Aliases can stand for themselves, and nesting has no end: such a file is not read further."""
ORDERED_MAPPINGS = frozenset({"leave_out", "bands"})
"""Mappings whose order has a meaning: lists of pairs in the canonical form."""


@dataclass(frozen=True)
class ScalarNode:
    """`text_place` is where the text itself begins: one column further inside quotes. `written`: the former word that
    stands in the file, where `text` is the word as which it is read."""

    text: str
    place: Place
    text_place: Place
    written: str | None = None

    @property
    def as_written(self) -> str:
        return self.text if self.written is None else self.written


@dataclass(frozen=True)
class ListNode:
    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True)
class MappingEntry:
    key: ScalarNode
    value: "Node"


@dataclass(frozen=True)
class MappingNode:
    entries: tuple[MappingEntry, ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        return next((entry.value for entry in self.entries if entry.key.text == key), None)

    def key_place(self, key: str) -> Place | None:
        return next((entry.key.place for entry in self.entries if entry.key.text == key), None)

    def __iter__(self) -> Iterator[MappingEntry]:
        return iter(self.entries)

    def with_entry(self, key: ScalarNode, value: "Node") -> "MappingNode":
        """The same mapping with that key set: in its old position, or last when it is new."""
        if self.get(key.text) is None:
            return MappingNode((*self.entries, MappingEntry(key, value)), self.place)
        replaced = (MappingEntry(key, value) if entry.key.text == key.text else entry for entry in self.entries)
        return MappingNode(tuple(replaced), self.place)

    def without(self, key: str) -> "MappingNode":
        return MappingNode(tuple(entry for entry in self.entries if entry.key.text != key), self.place)


Node = ScalarNode | ListNode | MappingNode


def read_nodes(*, text: str, file: str) -> tuple[MappingNode, tuple[Problem, ...]]:
    """Read one file of agreed text. A file that cannot be read at all gives an empty mapping and the problem."""
    root, problems = _read(text=text, file=file, form=yaml.MappingNode, lines="'key: value' lines")
    return (root if isinstance(root, MappingNode) else MappingNode((), Place(file))), problems


def read_listing(*, text: str, file: str) -> tuple[ListNode, tuple[Problem, ...]]:
    """Read one file that is a list of things. A file that cannot be read at all gives an empty list and the problem."""
    root, problems = _read(text=text, file=file, form=yaml.SequenceNode, lines="'- key: value' lines")
    return (root if isinstance(root, ListNode) else ListNode((), Place(file))), problems


def _read(*, text: str, file: str, form: type[yaml.Node], lines: str) -> tuple[Node | None, tuple[Problem, ...]]:
    try:
        events = list(yaml.parse(text, Loader=_Loader))
        problems = [*_dialect_problems(file, events)]
        if any(problem.code in _UNREADABLE for problem in problems):
            return None, tuple(problems)
        documents = list(yaml.compose_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        return None, (_syntax_problem(file, text, error),)
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode(errors="ignore")
        place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        what, remedy = "this character is not allowed in YAML", "remove it; save the file as plain UTF-8 text"
        return None, (Problem(place, "Y002", what, remedy),)
    if len(documents) != 1 or not isinstance(documents[0], form):
        what = "holds several documents" if len(documents) > 1 else f"holds no {lines}"
        problems.append(Problem(Place(file), "Y003", what, f"write one document of {lines}"))
        return None, tuple(problems)
    return _node(documents[0], file, problems), tuple(problems)


def _syntax_problem(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    what = error.problem or "cannot be read"
    if mark and "".join(text.split("\n")[mark.line : mark.line + 1])[mark.column :].startswith("\t"):
        what = "a tab stands where the indent should be"
    remedy = "indent with spaces, close every quote, and put a text that holds ': ' or ', ' in quotes"
    return Problem(place, "Y001", what, remedy)


def _dialect_problems(file: str, events: list[yaml.Event]) -> Iterator[Problem]:
    depth = 0
    for event in events:
        mark = event.start_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            yield Problem(place, "Y004", f"'{anchor}' is an anchor or alias", "write the text out where it is used")
        if tag not in (None, "!"):
            yield Problem(place, "Y005", f"'{tag}' is a tag", "remove it: every value is read as text")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            what = f"this is nested more than {_DEEPEST} levels deep"
            yield Problem(place, "Y009", what, "take out brackets and indents that mean nothing")
            return


def _node(node: yaml.Node, file: str, problems: list[Problem]) -> Node:
    place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, place)
    if isinstance(node, yaml.SequenceNode):
        return ListNode(tuple(_node(item, file, problems) for item in node.value), place)
    entries: dict[str, MappingEntry] = {}
    for key_node, value_node in _rejoined(node, file, problems):
        key = _node(key_node, file, problems)
        if not isinstance(key, ScalarNode):
            problems.append(Problem(key.place, "Y006", "a key must be one word or text", "write it as 'key: value'"))
        elif key.text == "<<":
            problems.append(
                Problem(key.place, "Y007", "'<<' merges are not part of this dialect", "write the keys out")
            )
        elif key.text in entries:
            what = f"'{key.text}' is given twice in the same place"
            problems.append(Problem(key.place, "Y008", what, "keep one of the two"))
        else:
            entries[key.text] = MappingEntry(key, _node(value_node, file, problems))
    return MappingNode(tuple(entries.values()), place)


def _rejoined(node: yaml.Node, file: str, problems: list[Problem]) -> list[tuple[yaml.Node, yaml.Node]]:
    """The pairs of a mapping. Inside {…} a comma ends a text, so `a: f(x, y)` reads as `a: f(x` and an empty `y)`:
    that is said, and the text put together again so that the rest of it can be checked."""
    assert isinstance(node, yaml.MappingNode)
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in node.value:
        before = pairs[-1][1] if pairs else None
        if not (node.flow_style and _stops_open(before) and _is_bare(key) and _is_bare(value) and not value.value):
            pairs.append((key, value))
            continue
        assert isinstance(before, yaml.ScalarNode)
        mark = before.end_mark
        what, remedy = "the condition stops too early: inside {…} a comma ends it", "put the whole condition in quotes"
        problems.append(Problem(Place(file, mark.line + 1, mark.column + 1), "Y010", what, remedy))
        joined = yaml.ScalarNode(before.tag, f"{before.value}, {key.value}", before.start_mark, key.end_mark)
        pairs[-1] = (pairs[-1][0], joined)
    return pairs


def _is_bare(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style not in ("'", '"')


def _stops_open(node: yaml.Node | None) -> bool:
    """Whether it is a text without quotes that ends inside a bracket."""
    return node is not None and _is_bare(node) and node.value.count("(") > node.value.count(")")


def _scalar(node: yaml.ScalarNode, place: Place) -> ScalarNode:
    if node.style in ("'", '"'):
        return ScalarNode(node.value, place, place.shifted(1))
    if node.style in ("|", ">"):
        return ScalarNode(node.value, place, Place(place.file, place.line + 1, 1))
    return ScalarNode(node.value, place, place)


def plain_node(node: Node) -> Json:
    """The node as text, lists and dicts, for the schema."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, ListNode):
        return [plain_node(item) for item in node.items]
    return {entry.key.text: plain_node(entry.value) for entry in node}


def canonical_node(node: Node) -> Json:
    """The node for a fingerprint: in the words of the file, with ordered mappings as lists of pairs."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, ListNode):
        return [canonical_node(item) for item in node.items]
    return {
        entry.key.as_written: _pairs(entry.value) if entry.key.text in ORDERED_MAPPINGS else canonical_node(entry.value)
        for entry in node
    }


def _pairs(node: Node) -> Json:
    if not isinstance(node, MappingNode):
        return canonical_node(node)
    return [[entry.key.as_written, canonical_node(entry.value)] for entry in node]


def node_at(root: Node, path: tuple[PathStep, ...]) -> Node | None:
    """The node at that path of keys and positions, or None."""
    found: Node | None = root
    for step in path:
        if isinstance(found, MappingNode) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, ListNode) and isinstance(step, int) and step < len(found.items):
            found = found.items[step]
        else:
            return None
    return found


def place_at(root: Node, path: tuple[PathStep, ...]) -> Place:
    """The place of the node at that path; of its nearest parent that exists where it does not."""
    for length in range(len(path), -1, -1):
        found = node_at(root, path[:length])
        if found is not None:
            return found.place
    return root.place


def key_place_at(root: Node, path: tuple[PathStep, ...]) -> Place:
    """The place of the key that ends the path (for what is wrong with a key rather than its value)."""
    parent = node_at(root, path[:-1]) if path else None
    if isinstance(parent, MappingNode) and isinstance(path[-1], str):
        return parent.key_place(path[-1]) or parent.place
    return place_at(root, path)


@dataclass(frozen=True)
class Source:
    """Where a value of the agreed text stands, and the change notice that put it there (None: as signed)."""

    place: Place
    notice: str | None
