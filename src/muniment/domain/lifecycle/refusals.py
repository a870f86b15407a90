"""The ledger entry of a refused act: what was tried, on which thing, and the rule that refused it.

Only people with an appointment leave one; what a stranger tries is no matter of the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.appointments import appointments_known
from muniment.domain.record.act import Act, RefusedError, is_same_person
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.index import entries_of
from muniment.domain.record.opened import opening
from muniment.domain.record.reader import PayloadReader


@dataclass(frozen=True)
class ActRefused:
    """`act`: what was tried, submission.accepted. `about`: the thing. `rule`: the one that stood against it."""

    kind: ClassVar[str] = "act.refused"
    version: ClassVar[int] = 1
    act: str
    about: str
    rule: str
    said: str

    def fields(self) -> dict[str, Json]:
        return {"act": self.act, "about": self.about, "rule": self.rule}

    def texts(self) -> dict[str, str]:
        return {"said": self.said}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(
            act=source.line("act"),
            about=source.line("about"),
            rule=source.line("rule"),
            said=source.free_text("said"),
        )


def refusal_of(
    entries: Sequence[Entry], *, act: Act, tried: str, about: str | None, refused: RefusedError
) -> Draft | None:
    """The entry that the refusal leaves; None for a stranger, who is no matter of the record."""
    opened = opening(entries)
    known = appointments_known(entries).values()
    if opened is None or not any(is_same_person(appointment.person, act.actor) for appointment in known):
        return None
    number = 1 + len(entries_of(entries, ActRefused.kind))
    payload = ActRefused(tried, about or opened.contract, refused.rule, f"{refused.what} - {refused.who_could}")
    unkeyed = Act(act.actor, act.on_behalf_of, act.reason)
    return Draft(f"{opened.contract}/refusals/x{number}", payload, unkeyed)
