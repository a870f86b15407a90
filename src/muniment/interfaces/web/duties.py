"""Separation of duties in words, from the table of commands that enforces it."""

from collections.abc import Iterable, Sequence

from muniment.commands.table import COMMAND_TABLE
from muniment.domain.lifecycle.appointments import Role, role_name


def kept_apart() -> Sequence[str]:
    """'preparer and approver', once each, in the order of a month."""
    return tuple(dict.fromkeys(command.apart_from for command in COMMAND_TABLE.values() if command.apart_from))


def unfilled(held: Iterable[Role]) -> Sequence[str]:
    """What nobody can do, in sentences: 'Nobody is a decision maker, so nobody can resolve a dispute ...'."""
    filled = {*held}
    stuck: dict[tuple[Role, ...], list[str]] = {}
    for command in COMMAND_TABLE.values():
        if not filled & {*command.roles} and command.name not in _RARE:
            stuck.setdefault(command.roles, []).append(command.says)
    return tuple(
        f"Nobody is {' or '.join(_a(role) for role in roles)}, so nobody can {_or(acts)}."
        for roles, acts in stuck.items()
    )


_RARE: frozenset[str] = frozenset({"open_record", "erase_text", "discard_rows"})
"""Nobody waits for these."""


def _a(role: Role) -> str:
    name = role_name(role)
    if role in ("finance", "project_office", "democratic_services"):
        return f"appointed for {name}"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _or(acts: Sequence[str]) -> str:
    return acts[0] if len(acts) == 1 else f"{', '.join(acts[:-1])} or {acts[-1]}"
