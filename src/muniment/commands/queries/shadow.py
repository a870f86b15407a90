"""What a locked statement would say now, beside what it says: nothing is changed, and what ought to be is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from muniment.commands.queries.changed import Changed
from muniment.domain.assessment.restatement import RestatementClass
from muniment.domain.assessment.sealed_differences import Difference

Effect = Literal["no effect", "number only", "status or credit changes"]


@dataclass(frozen=True)
class Shadow:
    """`statement`: the locked one, cssc/2019-09/v1. `restates`: of which class a restatement would be."""

    statement: str
    effect: Effect
    restates: RestatementClass
    found: Changed

    @property
    def needs_restating(self) -> bool:
        return self.effect == "status or credit changes"


def effect_of(found: Sequence[Difference]) -> Effect:
    """The heaviest thing that differs. Inputs that differ without changing an output have no effect."""
    outputs = [difference for difference in found if difference.kind != "input"]
    if not outputs:
        return "no effect"
    decides = ("status", "category", "band")
    if any(difference.kind in ("points", "credit") or difference.part in decides for difference in outputs):
        return "status or credit changes"
    return "number only"
