"""Refuses an act for want of a role before its command is reached, and records the refusal.

A page that only some may open stops others before it knows what they would have done.
"""

from muniment.commands.recording import precheck
from muniment.commands.spec import CommandSpec
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.domain.record.ports import Ledger


def refuse_by_role(*, ledger: Ledger, act: Act, command: CommandSpec, about: str) -> Entry | None:
    """Raises RefusedError for somebody in none of the act's roles, after remembering it as a refusal of the act itself;
    and NotRecordedError. For everybody else nothing happens. `about`: the thing that it would have been done to."""

    def nothing_else(entries: object) -> None:
        """Of the state nothing is asked: the person comes first."""

    def thing_of(contract: str) -> str:  # noqa: ARG001  # the thing is known already
        return about

    return precheck(ledger=ledger, act=act, command=command, must=nothing_else, thing_of=thing_of)
