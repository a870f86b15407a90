"""docs/explanation/lifecycles.md: the four machines as diagrams and tables, from the tables that the commands read."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.domain.lifecycle.machine import Machine

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "lifecycles.md"

OPENING = """# Lifecycles

Four machines say what can happen to a month: one for the evidence of each table, one for each KPI, one for the month
itself, and one for a mitigation request. Each is a table that answers every event in every state, either with the next
state or with the rule that refuses. The diagrams below are drawn from those tables, and the commands ask the same
tables, so the two cannot differ. This page is made by `scripts/lifecycles.py`.

Three further questions come before the table is asked. May this person do it? The roles are listed at the end; in a
record without appointments the declared side alone decides. Are four eyes kept? A preparer does not approve, nobody
accepts what they prepared or approved, whoever asked does not decide, whoever raised a dispute does not resolve it,
whoever proposed a restatement does not approve it, and one person does not sign twice. Whoever stands in for a person
is not another one. Has the thing moved on since the person looked (`--seen`)? Then the act is refused with what
happened since.

Duties are separated by person, too. Nobody appoints themselves or takes over another's appointment by their own hand,
but for the first administrator of a record. Nobody acts for both sides at once. An administrator holds no role that
accepts, signs or decides. There is never a day on which nobody could appoint.

A month is signed and locked when it is over, every table is accepted or in dispute (or overdue, and the signature says
why), no challenge is open, and every mitigation request on a failing KPI is decided or the KPI is in dispute. Both
signatures name one statement. If an input changes between them, the first lapses. After the lock nothing is refused
because it comes late: it is recorded, it says which version it came after, and the month counts as changed since its
lock until a restatement is approved or refused. Where nothing that matters would differ, the contract manager confirms
the statement instead, and the month is locked again. A dispute that is not upheld after the lock changes nothing. A
locked version never changes. Evidence for an earlier month of a quarter is a change for the locked month that measures
it, and text that is adopted late for the months that stood under another. A restatement is proposed and decided
together with every later locked month that it changes.

A challenge that nobody answered is deemed upheld only where the agreed text says so, its time is over, and a person
confirms it.

A submission that is withdrawn leaves nothing behind: what it replaced stays replaced, and can be handed in again. A
new file, or none, ends a challenge about the old one.
"""


def lifecycles_page() -> str:
    """The whole page."""
    from muniment.domain.lifecycle.states import MACHINES

    def section(machine: "Machine") -> Iterator[str]:
        yield f"## {machine.title}"
        yield diagram(machine)
        states = [f"| `{name}` | {meaning} |" for name, meaning in machine.states.items()]
        yield "\n".join(["| State | Means |", "|---|---|", *states])
        yield "What is refused, and by which rule:"
        yield refusals(machine)

    parts = [OPENING.strip()]
    for machine in MACHINES.values():
        parts += section(machine)
    return "\n\n".join([*parts, "## Who may do what", roles()]) + "\n"


def diagram(machine: "Machine") -> str:
    """The allowed transitions as a Mermaid state diagram. Events that lead the same way share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, event), cell in machine.table.items():
        if isinstance(cell.to, str):
            arrows.setdefault((state, cell.to), []).append(event.replace("_", " "))
    lines = [f"    {state} --> {to}: {', '.join(events)}" for (state, to), events in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {machine.initial}", *lines, "```"])


def refusals(machine: "Machine") -> str:
    """Every refused cell, by rule."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for (state, event), cell in machine.table.items():
        if not isinstance(cell.to, str):
            key = (cell.to.name, cell.to.what.format(thing="it"), cell.to.who_could)
            found.setdefault(key, []).append(f"{event.replace('_', ' ')} in {state.replace('_', ' ')}")
    rows = [
        f"| `{name}` | {what[0].upper()}{what[1:]}. | {who[0].upper()}{who[1:]}. | {', '.join(cells)} |"
        for (name, what, who), cells in found.items()
    ]
    return "\n".join(["| Rule | Says | Instead | Refuses |", "|---|---|---|---|", *rows])


def roles() -> str:
    """Who may give each command, from the table of commands."""
    from muniment.commands.table import COMMAND_TABLE
    from muniment.domain.lifecycle.appointments import role_name

    rows = [
        f"| {command.says} | {', '.join(role_name(role) for role in command.roles)} | {command.apart_from or ''} |"
        for command in COMMAND_TABLE.values()
    ]
    return "\n".join(["| Act | Roles | Kept apart |", "|---|---|---|", *rows])


def main() -> int:
    """Write the page; with --check say whether it is current."""
    current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    wanted = lifecycles_page()
    if "--check" in sys.argv:
        if current != wanted:
            print(f"{PAGE.name} is not current - run 'python scripts/lifecycles.py'", file=sys.stderr)
        return int(current != wanted)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
