"""What the agreed text deems of a question that nobody answered in time, and whether a person may confirm it now."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from muniment.domain.assessment.mitigation import MitigationEffect
from muniment.domain.record.act import Party, RefusedError
from muniment.domain.regime.terms import DeemedBasis, DeemedOutcome

DeemedQuestion = Literal["challenge", "mitigation request"]


@dataclass(frozen=True)
class DeemedProposal:
    """What the agreed text says of one question that waits. `of`: the id of the challenge or the request. `due`: the
    last local day for an answer. `then`: what is deemed after it, with that `effect` where it is a grant.
    `under`: the term and its clause, contract.yaml:14:26, Schedule 3 paragraph 4.2."""

    of: str
    on: DeemedQuestion
    due: date
    then: DeemedOutcome
    under: str
    effect: MitigationEffect | None = None

    @property
    def awaited(self) -> Party:
        """Whose answer it waits for."""
        return "supplier" if self.on == "challenge" else "authority"

    @property
    def says(self) -> str:
        """The supplier did not answer cssc/calls/2019-09/q1 by 2019-10-14; under deemed (contract.yaml:14:26,
        Sch 3 para 4.2) it is to be upheld"""
        did = "answer" if self.on == "challenge" else "decide"
        return (
            f"the {self.awaited} did not {did} {self.of} by {self.due}; under deemed ({self.under}) it is to be "
            f"{self.then}"
        )


def confirm_deemed(
    deemed: DeemedProposal | None, *, of: str, on: DeemedQuestion, outcome: str, effect: str | None = None, day: date
) -> DeemedBasis:
    """The ground on which `of` is decided so on that day. The engine decides nothing: a person asks for it.

    Raises RefusedError where the agreed text says nothing of it, says something else, or its time is not over.
    """
    if deemed is None or deemed.of != of:
        what = f"the agreed text (deemed:) says nothing of {of} where nobody answers"
        raise RefusedError("silence", what, "it could be decided without being deemed")
    if (outcome, effect) != (deemed.then, deemed.effect):
        grants = f" with the effect {deemed.effect}" if deemed.effect else ""
        what = f"under deemed ({deemed.under}) a {on} that nobody answers is deemed '{deemed.then}'{grants}"
        raise RefusedError("silence", what, "it could be confirmed as that, or decided without being deemed")
    if day <= deemed.due:
        what = f"the {deemed.awaited} has until {deemed.due} for {of} ({deemed.under})"
        raise RefusedError("silence", what, f"it could be confirmed from {deemed.due + timedelta(days=1)} on")
    return DeemedBasis(deemed.due, deemed.under)
