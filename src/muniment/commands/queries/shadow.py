"""What a locked statement would say now, beside what it says: nothing is changed, and what ought to be is named.

Which effect asks for a restatement is agreed text (`restate_when:`), and so is the window after which late evidence by
itself asks for none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from muniment.commands.queries.changed import Changed
from muniment.commands.queries.late_evidence import TooLate
from muniment.domain.assessment.restatement import RestatementClass
from muniment.domain.assessment.sealed_differences import Difference
from muniment.domain.regime.terms import LateEvidence

Effect = Literal["no effect", "number only", "status or credit changes"]
_NOTHING_AGREED = LateEvidence()


@dataclass(frozen=True)
class Shadow:
    """`statement`: the locked one, cssc/2019-09/v1. `restates`: of which class a restatement would be. `policy`: what
    is agreed on late evidence. `too_late`: what came after its window, where nothing else differs."""

    statement: str
    effect: Effect
    restates: RestatementClass
    found: Changed
    policy: LateEvidence = _NOTHING_AGREED
    too_late: tuple[TooLate, ...] = ()

    @property
    def needs_restating(self) -> bool:
        return asks_for_restating(self.effect, self.policy) and not self.too_late

    @property
    def note(self) -> str | None:
        """Why no restatement is proposed, where one would be but for the window."""
        if not self.too_late or not asks_for_restating(self.effect, self.policy):
            return None
        came = "; ".join(late.sentence for late in self.too_late)
        return f"{came}, so no restatement is proposed"


def asks_for_restating(effect: Effect, policy: LateEvidence) -> bool:
    """Status, points or credit: always. A figure alone: where the text says `number`."""
    return effect == "status or credit changes" or (effect == "number only" and policy.restate_when == "number")


def effect_of(found: Sequence[Difference]) -> Effect:
    """The heaviest thing that differs. Inputs that differ without changing an output have no effect."""
    outputs = [difference for difference in found if difference.kind != "input"]
    if not outputs:
        return "no effect"
    decides = ("status", "category", "band")
    if any(difference.kind in ("points", "credit") or difference.part in decides for difference in outputs):
        return "status or credit changes"
    return "number only"
