"""What a proposed restatement does to each month that it restates: points and credit, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.restatement import restatements_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry


@dataclass(frozen=True)
class Figures:
    """Service points of a statement; `credit` is None in a contract without service credits."""

    points: int | None
    credit: Money | None

    def __str__(self) -> str:
        points = f"{self.points} point{'s' if self.points != 1 else ''}"
        return points if self.credit is None else f"{points}, credit {self.credit}"


@dataclass(frozen=True)
class Step:
    """One version to the next. `before`, `after`: ids of the statements, cssc/2019-10/v1 and /v2."""

    before: str
    after: str
    was: Figures
    becomes: Figures

    @property
    def month(self) -> Month:
        return Month.parse(self.before.split("/")[1])

    @property
    def sentence(self) -> str:
        return f"{self.before} -> {self.after.rpartition('/')[2]}: {self.was} -> {self.becomes}"


def steps_of(entries: Sequence[Entry], *, restatement: str) -> tuple[Step, ...]:
    """The steps of a proposal, cssc/2019-09/r1, and of the months that go with it, in the order of months."""
    locks = locks_known(entries)
    found = [known for known in restatements_known(entries) if restatement in (known.id, known.proposed.goes_with)]
    return tuple(
        Step(
            before=locks[known.proposed.month][known.proposed.number - 2].id,
            after=f"{known.month_thing}/v{known.proposed.number}",
            was=figures_of(locks[known.proposed.month][known.proposed.number - 2].locked.sealed),
            becomes=figures_of(known.proposed.sealed),
        )
        for known in sorted(found, key=lambda known: known.proposed.month)
    )


def figures_of(sealed: dict[str, Json]) -> Figures:
    """Those of a value of `sealed_of`."""
    match sealed:
        case {"statement": {"points": int(points), "credit": {"due": int(due)}}}:
            return Figures(points, Money(due))
        case {"statement": {"points": int(points)}}:
            return Figures(points, None)
        case _:
            return Figures(None, None)
