"""Agreed text as a tree of nodes that know their place. Every scalar is text; the schema gives it a type.

The dialect is strict YAML: no anchors, merge keys, tags, several documents or duplicate keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Place, Problem

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Scalar:
    """`text_place` is where the text itself begins: one column further inside quotes."""

    text: str
    place: Place
    text_place: Place


@dataclass(frozen=True)
class Listing:
    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True)
class Entry:
    key: Scalar
    value: "Node"


@dataclass(frozen=True)
class Mapping:
    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        return next((entry.value for entry in self.entries if entry.key.text == key), None)

    def key_place(self, key: str) -> Place | None:
        return next((entry.key.place for entry in self.entries if entry.key.text == key), None)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def with_entry(self, key: Scalar, value: "Node") -> "Mapping":
        """The same mapping with that key set: in its old position, or last when it is new."""
        if self.get(key.text) is None:
            return Mapping((*self.entries, Entry(key, value)), self.place)
        replaced = (Entry(key, value) if entry.key.text == key.text else entry for entry in self.entries)
        return Mapping(tuple(replaced), self.place)

    def without(self, key: str) -> "Mapping":
        return Mapping(tuple(entry for entry in self.entries if entry.key.text != key), self.place)


Node = Scalar | Listing | Mapping
Step = str | int

ORDERED_MAPPINGS = frozenset({"leave_out", "bands"})
"""Mappings whose order has a meaning: lists of pairs in the canonical form (ruling 5)."""


def read_nodes(*, text: str, file: str) -> tuple[Mapping, tuple[Problem, ...]]:
    """Read one file of agreed text. A file that cannot be read at all gives an empty mapping and the problem."""
    nothing = Mapping((), Place(file))
    try:
        documents = list(yaml.compose_all(text, Loader=_Loader))
        events = list(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        return nothing, (_syntax_problem(file, error),)
    except yaml.reader.ReaderError as error:
        what = f"holds a character that YAML does not allow (position {error.position})"
        return nothing, (Problem(Place(file), "Y002", what, "remove it; save the file as plain UTF-8 text"),)
    problems = [*_dialect_problems(file, events)]
    if len(documents) != 1 or not isinstance(documents[0], yaml.MappingNode):
        what = "holds several documents" if len(documents) > 1 else "holds no 'key: value' lines"
        problems.append(Problem(Place(file), "Y003", what, "write one document of 'key: value' lines"))
        return nothing, tuple(problems)
    root = _node(documents[0], file, problems)
    return (root if isinstance(root, Mapping) else nothing), tuple(problems)


def _syntax_problem(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    what = error.problem or "cannot be read"
    if isinstance(error, yaml.composer.ComposerError):
        return Problem(place, "Y004", what, "write the text out: anchors and aliases are not part of this dialect")
    remedy = "indent with spaces, close every quote, and put a text that holds ': ' or ', ' in quotes"
    return Problem(place, "Y001", what, remedy)


def _dialect_problems(file: str, events: list[yaml.Event]) -> Iterator[Problem]:
    for event in events:
        mark = event.start_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            yield Problem(place, "Y004", f"'{anchor}' is an anchor or alias", "write the text out where it is used")
        if tag not in (None, "!"):
            yield Problem(place, "Y005", f"'{tag}' is a tag", "remove it: every value is read as text")


def _node(node: yaml.Node, file: str, problems: list[Problem]) -> Node:
    place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, place)
    if isinstance(node, yaml.SequenceNode):
        return Listing(tuple(_node(item, file, problems) for item in node.value), place)
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key = _node(key_node, file, problems)
        if not isinstance(key, Scalar):
            problems.append(Problem(key.place, "Y006", "a key must be one word or text", "write it as 'key: value'"))
        elif key.text == "<<":
            problems.append(
                Problem(key.place, "Y007", "'<<' merges are not part of this dialect", "write the keys out")
            )
        elif key.text in entries:
            what = f"'{key.text}' is given twice in the same place"
            problems.append(Problem(key.place, "Y008", what, "keep one of the two"))
        else:
            entries[key.text] = Entry(key, _node(value_node, file, problems))
    return Mapping(tuple(entries.values()), place)


def _scalar(node: yaml.ScalarNode, place: Place) -> Scalar:
    if node.style in ("'", '"'):
        return Scalar(node.value, place, place.shifted(1))
    if node.style in ("|", ">"):
        return Scalar(node.value, place, Place(place.file, place.line + 1, 1))
    return Scalar(node.value, place, place)


def plain(node: Node) -> Json:
    """The node as text, lists and dicts, for the schema."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return {entry.key.text: plain(entry.value) for entry in node}


def canonical(node: Node) -> Json:
    """The node for a fingerprint: as `plain`, with ordered mappings as lists of pairs."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [canonical(item) for item in node.items]
    return {
        entry.key.text: _pairs(entry.value) if entry.key.text in ORDERED_MAPPINGS else canonical(entry.value)
        for entry in node
    }


def _pairs(node: Node) -> Json:
    if not isinstance(node, Mapping):
        return canonical(node)
    return [[entry.key.text, canonical(entry.value)] for entry in node]


def node_at(root: Node, path: tuple[Step, ...]) -> Node | None:
    """The node at that path of keys and positions, or None."""
    found: Node | None = root
    for step in path:
        if isinstance(found, Mapping) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, Listing) and isinstance(step, int) and step < len(found.items):
            found = found.items[step]
        else:
            return None
    return found


def place_at(root: Node, path: tuple[Step, ...]) -> Place:
    """The place of the node at that path; of its nearest parent that exists where it does not."""
    for length in range(len(path), -1, -1):
        found = node_at(root, path[:length])
        if found is not None:
            return found.place
    return root.place


def key_place_at(root: Node, path: tuple[Step, ...]) -> Place:
    """The place of the key that ends the path (for what is wrong with a key rather than its value)."""
    parent = node_at(root, path[:-1]) if path else None
    if isinstance(parent, Mapping) and isinstance(path[-1], str):
        return parent.key_place(path[-1]) or parent.place
    return place_at(root, path)
