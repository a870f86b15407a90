"""Renamed words of the agreed text: each former word with its present one, and reading adopted text that has it.

Text that was adopted stays as it was written, and so does its fingerprint: a former word is read as the word that took
its place, and the key keeps what stands in the file. In text that nobody adopted a former word is refused.
"""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from muniment.domain.kernel.problem import Problem
from muniment.domain.regime.nodes import ListNode, MappingEntry, MappingNode, Node


@dataclass(frozen=True)
class FormerWord:
    """A key and the word that took its place. `file`: a pattern of its path. `under`: the keys above it, `*` for any
    key or position. `of`: a key that stands beside the last of these; without it the word is a name that people chose.
    """

    file: str
    under: tuple[str, ...]
    former: str
    present: str
    of: str | None = None


FORMER_WORDS = (
    FormerWord("contract.yaml", (), "if_silent", "deemed"),
    FormerWord("regime.yaml", (), "ratchets", "repeat_failures"),
    FormerWord("regime.yaml", ("defaults",), "ratchet", "repeat_failure"),
    FormerWord("regime.yaml", ("kpis", "*"), "ratchet", "repeat_failure"),
    FormerWord("changes/*", ("amend", "*", "was"), "ratchet", "repeat_failure", of="kpi"),
    FormerWord("changes/*", ("amend", "*", "set"), "ratchet", "repeat_failure", of="kpi"),
    FormerWord("changes/*", ("amend", "*", "add"), "ratchet", "repeat_failure", of="kpi"),
)


def without_former_words(tree: MappingNode, *, is_adopted: bool) -> tuple[MappingNode, tuple[Problem, ...]]:
    """A file of agreed text in the words of now. `is_adopted`: whether it was adopted as it stands; where it was not,
    every former word in it is a problem too."""
    problems: list[Problem] = []
    for word in FORMER_WORDS:
        if fnmatchcase(tree.place.file, word.file):
            tree = _in_mapping(tree, word.under, word, problems, is_adopted=is_adopted)
    return tree, tuple(problems)


def _in_node(
    node: Node, under: tuple[str, ...], word: FormerWord, problems: list[Problem], *, is_adopted: bool
) -> Node:
    if isinstance(node, MappingNode):
        return _in_mapping(node, under, word, problems, is_adopted=is_adopted)
    if isinstance(node, ListNode) and under and under[0] == "*":
        items = (_in_node(item, under[1:], word, problems, is_adopted=is_adopted) for item in node.items)
        return replace(node, items=tuple(items))
    return node


def _in_mapping(
    node: MappingNode, under: tuple[str, ...], word: FormerWord, problems: list[Problem], *, is_adopted: bool
) -> MappingNode:
    if not under:
        return _renamed(node, word, problems, is_adopted=is_adopted)
    if len(under) == 1 and word.of is not None and node.get(word.of) is None:
        return node
    entries = (
        replace(entry, value=_in_node(entry.value, under[1:], word, problems, is_adopted=is_adopted))
        if under[0] in ("*", entry.key.text)
        else entry
        for entry in node
    )
    return replace(node, entries=tuple(entries))


def _renamed(node: MappingNode, word: FormerWord, problems: list[Problem], *, is_adopted: bool) -> MappingNode:
    own = next((entry for entry in node if entry.key.text == word.former), None)
    if own is None:
        return node
    is_twice = node.get(word.present) is not None
    if is_twice or not is_adopted:
        what = f"'{word.former}' is now '{word.present}'"
        remedy = f"write '{word.present}'" if not is_twice else f"keep one of the two, as '{word.present}'"
        problems.append(Problem(own.key.place, "R006", what, remedy))
    if is_twice:
        return node.without(word.former)
    renamed = MappingEntry(replace(own.key, text=word.present, written=word.former), own.value)
    return replace(node, entries=tuple(renamed if entry is own else entry for entry in node))
