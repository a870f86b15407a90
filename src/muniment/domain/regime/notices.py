"""Change notices, and the text they leave: patches on a tree of nodes, so every value keeps the place it comes from.

Notices apply in (effective, signed, number) order. A notice's `was:` is checked against the text at its effective date
as known on the day it was signed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Place, Problem, suggestion
from muniment.domain.regime.nodes import MappingNode, ScalarNode, node_at, plain_node
from muniment.domain.regime.text import AmendText, ChangeText

CONTAINERS = {
    "kpi": "kpis",
    "measure": "measures",
    "charges": "charges",
    "points_scale": "points_scales",
    "term": "terms",
}


@dataclass(frozen=True, eq=False)
class Notice:
    """One change notice as read, compared by identity. It applies to measurement periods that start on or after
    `effective`."""

    number: str
    title: str
    signed: date
    effective: date
    skips_to_next_period: bool
    text: ChangeText
    node: MappingNode

    @property
    def file(self) -> str:
        return self.node.place.file

    @property
    def order(self) -> tuple[date, date, str]:
        return (self.effective, self.signed, self.number)

    def place_of(self, *path: str | int) -> Place:
        found = node_at(self.node, path)
        return found.place if found is not None else self.node.place


def in_force(notices: Sequence[Notice], *, on: date, known: date | None) -> tuple[Notice, ...]:
    """The notices that shape the text of a measurement period starting on that day, in the order they apply."""
    chosen = (n for n in notices if n.effective <= on and (known is None or n.signed <= known))
    return tuple(sorted(chosen, key=lambda notice: notice.order))


def consolidated(root: MappingNode, notices: Sequence[Notice]) -> MappingNode:
    """The text with those notices applied, in the order given. Impossible amendments are passed over: `was_problems`
    reports them."""
    for notice in notices:
        for index, amendment in enumerate(notice.text.amend):
            root = _amended(root, notice, index, amendment)
    return root


def _amended(root: MappingNode, notice: Notice, index: int, amendment: AmendText) -> MappingNode:
    container, name = amended_path(amendment)
    things = root.get(container)
    key = node_at(notice.node, ("amend", index, _kind(amendment)))
    if not isinstance(key, ScalarNode):
        return root
    group = things if isinstance(things, MappingNode) else MappingNode((), key.place)
    current = group.get(name)
    if amendment.retire:
        return root.with_entry(_own_key(root, container, key), group.without(name))
    if amendment.add is not None:
        added = node_at(notice.node, ("amend", index, "add"))
        return root.with_entry(_own_key(root, container, key), group.with_entry(key, added)) if added else root
    patch = node_at(notice.node, ("amend", index, "set"))
    if not isinstance(patch, MappingNode) or not isinstance(current, MappingNode):
        return root
    for entry in patch:
        current = current.with_entry(entry.key, entry.value)
    own = next(entry.key for entry in group if entry.key.text == name)
    return root.with_entry(_own_key(root, container, key), group.with_entry(own, current))


def _own_key(root: MappingNode, container: str, fallback: ScalarNode) -> ScalarNode:
    own = next((entry.key for entry in root if entry.key.text == container), None)
    return own or ScalarNode(container, fallback.place, fallback.text_place)


def _kind(amendment: AmendText) -> str:
    return next((kind for kind in CONTAINERS if getattr(amendment, kind) is not None), "kpi")


def amended_path(amendment: AmendText) -> tuple[str, str]:
    """Where in the text the amended thing stands: ('kpis', 'CSC_KPI_04')."""
    kind = _kind(amendment)
    return CONTAINERS[kind], getattr(amendment, kind) or ""


def was_problems(root: MappingNode, notices: Sequence[Notice]) -> Iterator[Problem]:
    """What each notice says of the text before it, held against that text."""
    ordered = sorted(notices, key=lambda notice: notice.order)
    yield from _clashes(ordered)
    for notice in ordered:
        earlier = [n for n in ordered if n.order < notice.order and n.signed <= notice.signed]
        before = consolidated(root, earlier)
        for index, amendment in enumerate(notice.text.amend):
            yield from _amendment_problems(before, notice, index, amendment)


def _amendment_problems(before: MappingNode, notice: Notice, index: int, amendment: AmendText) -> Iterator[Problem]:
    named = [kind for kind in CONTAINERS if getattr(amendment, kind) is not None]
    place = notice.place_of("amend", index)
    if len(named) != 1:
        what = "an amendment names one thing" if not named else f"an amendment names one thing, not {len(named)}"
        kinds = ", ".join(f"'{kind}:'" for kind in CONTAINERS)
        yield Problem(place, "R030", what, f"write one of {kinds}")
        return
    container, name = amended_path(amendment)
    group = before.get(container)
    known = [entry.key.text for entry in group] if isinstance(group, MappingNode) else []
    acts = [amendment.retire, amendment.add is not None, amendment.set is not None]
    if acts.count(True) != 1:
        yield Problem(
            place, "R031", "an amendment does one thing", "write 'set:' (with 'was:'), 'add:' or 'retire: true'"
        )
    elif amendment.add is not None and name in known:
        what = f"'{name}' is there already"
        yield Problem(notice.place_of("amend", index, named[0]), "R032", what, "use 'set:' to change it")
    elif amendment.add is None and name not in known:
        what = f"{notice.number} amends '{name}', which is not in the text then"
        remedy = suggestion(name, known, "use 'add:' for something new")
        yield Problem(notice.place_of("amend", index, named[0]), "R033", what, remedy)
    elif amendment.set is not None:
        yield from _field_problems(before, notice, index, amendment)


def _field_problems(before: MappingNode, notice: Notice, index: int, amendment: AmendText) -> Iterator[Problem]:
    container, name = amended_path(amendment)
    said: dict[str, object] = amendment.was or {}
    for field in {**said, **(amendment.set or {})}:
        current = _current(before, container, name, field)
        if field in said and said[field] != current:
            now = f"it is '{current}'" if isinstance(current, str) else "it is not that" if current else "it has none"
            what = f"{notice.number} says {name} {field} was '{said[field]}', but before this change {now}"
            yield Problem(
                notice.place_of("amend", index, "was", field), "R034", what, "correct 'was:' or the notice's dates"
            )
        elif field not in said and current is not None:
            what = f"{notice.number} sets {name} {field} without saying what it was"
            yield Problem(notice.place_of("amend", index, "set", field), "R035", what, f"add it to 'was:' ({current})")


def _current(before: MappingNode, container: str, name: str, field: str) -> Json:
    found = node_at(before, (container, name, field))
    if found is None and container == "kpis":
        found = node_at(before, ("defaults", field))
    return plain_node(found) if found is not None else None


def _clashes(ordered: Sequence[Notice]) -> Iterator[Problem]:
    seen: dict[tuple[date, str, str, str], tuple[Notice, int]] = {}
    for notice in ordered:
        for index, amendment in enumerate(notice.text.amend):
            container, name = amended_path(amendment)
            for field in amendment.set or {"": None}:
                other, first = seen.setdefault((notice.effective, container, name, field), (notice, index))
                if (other, first) == (notice, index):
                    continue
                thing = f"{name} {field}".strip()
                what = f"{other.number} and {notice.number} both change {thing} from {notice.effective}"
                remedy = "give one of them another effective date, or merge them"
                if other is notice:
                    what, remedy = f"{notice.number} changes {thing} twice", "keep one of the two"
                yield Problem(notice.place_of("amend", index), "R036", what, remedy)
