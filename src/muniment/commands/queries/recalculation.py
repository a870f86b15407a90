"""Locked statements against what they would say now: what differs, its effect, and the steps of a restatement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from muniment.commands.queries.late_evidence import LateSubmission
from muniment.commands.queries.locked_statements import StatementComparison
from muniment.commands.queries.seal import regimes_under
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.restatement import RestatementClass, restatements_known
from muniment.domain.assessment.sealed_differences import Difference
from muniment.domain.evidence.retention import discarded_before
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.terms import LateEvidence

RecalculationEffect = Literal["no effect", "number only", "status or credit changes"]
_NOTHING_AGREED = LateEvidence()


@dataclass(frozen=True)
class Recalculation:
    """`statement`: the locked one, cssc/2019-09/v1. `restates`: of which class a restatement would be. `policy`: what
    is agreed on late evidence. `too_late`: what came after its window, where nothing else differs."""

    statement: str
    effect: RecalculationEffect
    restates: RestatementClass
    found: StatementComparison
    policy: LateEvidence = _NOTHING_AGREED
    too_late: tuple[LateSubmission, ...] = ()

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


def asks_for_restating(effect: RecalculationEffect, policy: LateEvidence) -> bool:
    """Status, points or credit: always. A figure alone: where the text says `number`."""
    return effect == "status or credit changes" or (effect == "number only" and policy.restate_when == "number")


def effect_of(found: Sequence[Difference]) -> RecalculationEffect:
    """The heaviest thing that differs. Inputs that differ without changing an output have no effect."""
    outputs = [difference for difference in found if difference.kind != "input"]
    if not outputs:
        return "no effect"
    decides = ("status", "category", "band")
    if any(difference.kind in ("points", "credit") or difference.part in decides for difference in outputs):
        return "status or credit changes"
    return "number only"


@dataclass(frozen=True)
class StatementFigures:
    """Service points of a statement; `credit` is None in a contract without service credits."""

    points: int | None
    credit: Money | None

    def __str__(self) -> str:
        points = f"{self.points} point{'s' if self.points != 1 else ''}"
        return points if self.credit is None else f"{points}, credit {self.credit}"


@dataclass(frozen=True)
class RestatementStep:
    """One version to the next. `before`, `after`: ids of the statements, cssc/2019-10/v1 and /v2."""

    before: str
    after: str
    was: StatementFigures
    becomes: StatementFigures

    @property
    def month(self) -> Month:
        return Month.parse(self.before.split("/")[1])

    @property
    def sentence(self) -> str:
        return f"{self.before} -> {self.after.rpartition('/')[2]}: {self.was} -> {self.becomes}"


def steps_of(entries: Sequence[Entry], *, restatement: str) -> tuple[RestatementStep, ...]:
    """The steps of a proposal, cssc/2019-09/r1, and of the months that go with it, in the order of months."""
    locks = locks_known(entries)
    found = [known for known in restatements_known(entries) if restatement in (known.id, known.proposed.goes_with)]
    return tuple(
        RestatementStep(
            before=locks[known.proposed.month][known.proposed.number - 2].id,
            after=f"{known.month_thing}/v{known.proposed.number}",
            was=figures_of(locks[known.proposed.month][known.proposed.number - 2].locked.sealed),
            becomes=figures_of(known.proposed.sealed),
        )
        for known in sorted(found, key=lambda known: known.proposed.month)
    )


def figures_of(sealed: dict[str, Json]) -> StatementFigures:
    """Those of a value of `sealed_of`."""
    match sealed:
        case {"statement": {"points": int(points), "credit": {"due": int(due)}}}:
            return StatementFigures(points, Money(due))
        case {"statement": {"points": int(points)}}:
            return StatementFigures(points, None)
        case _:
            return StatementFigures(None, None)


def touched_months(entries: Sequence[Entry], *, text: AgreedText) -> tuple[Month, ...]:
    """Locked months that were sealed, in their last version or in a proposed one, under other regimes than those that
    the text gives them, or without a suspension that it knows. Months whose rows were discarded cannot be restated."""
    kept_from = discarded_before(entries)
    sealed = {month: locks[-1].locked.sealed for month, locks in locks_known(entries).items()}
    sealed |= {found.proposed.month: found.proposed.sealed for found in restatements_known(entries) if found.is_open}
    return tuple(
        month
        for month in sorted(sealed)
        if (kept_from is None or month >= kept_from) and _is_under_another(sealed[month], text=text, month=month)
    )


def _is_under_another(sealed: Mapping[str, Json], *, text: AgreedText, month: Month) -> bool:
    match sealed.get("inputs"):
        case {"regimes": list(regimes), "notices": list(notices)}:
            now: list[Json] = [[day, fingerprint] for day, fingerprint in regimes_under(text, known=None, month=month)]
            return regimes != now or _suspending(text, month) != _known_as_suspending(notices, text)
        case _:
            return False


def _suspending(text: AgreedText, month: Month) -> frozenset[str]:
    """Notices that suspend something by the end of the month; those of earlier months bear on its chains."""
    by_then = (notice for notice in text.notices if notice.effective <= month.last_day)
    return frozenset(notice.number for notice in by_then if notice.text.suspend is not None)


def _known_as_suspending(notices: Sequence[Json], text: AgreedText) -> frozenset[str]:
    """Of the notices that a statement was sealed under, those that suspend, and those that are no longer there."""
    amending = {notice.number for notice in text.notices if notice.text.suspend is None}
    return frozenset(str(number) for number in notices if number not in amending)
