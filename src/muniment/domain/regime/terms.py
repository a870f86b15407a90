"""Agreed terms on unanswered questions (what is deemed), on late evidence, and on time limits with their last days.

No figure rests on them.

They stand in contract.yaml, notices amend them (`term:`), and a month's are those of the text at its first day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal

from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Problem
from muniment.domain.record.reader import PayloadError
from muniment.domain.regime import nodes
from muniment.domain.regime.nodes import Source
from muniment.domain.regime.schema import fit
from muniment.domain.regime.text import DeemedOnChallengeText, DeemedOnMitigationText, LateEvidenceText, TextModel

DeemedOutcome = Literal["upheld", "refused", "granted"]
RestateWhen = Literal["status_or_credit", "number"]


@dataclass(frozen=True)
class DeemedTerm:
    """`within`: how long an answer may take. `then`: what is deemed after that."""

    within: str
    then: DeemedOutcome
    clause: str
    source: Source

    @property
    def says(self) -> str:
        """contract.yaml:14:26, Schedule 3 paragraph 4.2"""
        return f"{self.source.place}, {self.clause}"


@dataclass(frozen=True)
class LateEvidence:
    """`window`: how long after the lock evidence for the month may still bring a restatement about; None: for ever.
    `restate_when`: which effect brings one about. `source`: None where the text says nothing."""

    window: str | None = None
    restate_when: RestateWhen = "status_or_credit"
    clause: str | None = None
    source: Source | None = None

    @property
    def says(self) -> str:
        """contract.yaml:17:16, Schedule 3 paragraph 6"""
        place = str(self.source.place) if self.source else "the agreed text"
        return f"{place}, {self.clause}" if self.clause else place


@dataclass(frozen=True)
class Terms:
    """None where the text says nothing of that: then nothing is deemed."""

    supplier_on_challenge: DeemedTerm | None = None
    authority_on_mitigation: DeemedTerm | None = None
    late_evidence: LateEvidence = LateEvidence()


class NamedTermsText(TextModel):
    CALLED: ClassVar[str] = "the terms"
    supplier_on_challenge: DeemedOnChallengeText | None = None
    authority_on_mitigation: DeemedOnMitigationText | None = None
    late_evidence: LateEvidenceText | None = None


class TermsText(TextModel):
    """The terms as amended by notices."""

    terms: NamedTermsText = NamedTermsText()


def terms_of(node: nodes.MappingNode, *, notice_of_file: Mapping[str, str]) -> tuple[Terms | None, tuple[Problem, ...]]:
    """The terms under the key `terms` of a consolidated text, or everything wrong with them."""
    text, problems = fit(TermsText, node)
    if text is None:
        return None, problems

    def source(name: str) -> Source:
        place = nodes.place_at(node, ("terms", name))
        return Source(place, notice_of_file.get(place.file))

    named = text.terms
    challenge, mitigation, late = named.supplier_on_challenge, named.authority_on_mitigation, named.late_evidence
    return Terms(
        supplier_on_challenge=_deemed(challenge, source("supplier_on_challenge")),
        authority_on_mitigation=_deemed(mitigation, source("authority_on_mitigation")),
        late_evidence=LateEvidence(late.window, late.restate_when, late.clause, source("late_evidence"))
        if late
        else LateEvidence(),
    ), ()


def _deemed(text: DeemedOnChallengeText | DeemedOnMitigationText | None, source: Source) -> DeemedTerm | None:
    return None if text is None else DeemedTerm(text.within, text.then, text.clause, source)


def last_day(*, within: str, after: date, business_days: BusinessDays) -> date:
    """The last day of a time limit that runs from `after`: '10 business days', '14 days', '2 months'. A month that has
    no such day ends the limit on its last."""
    count, _, unit = within.partition(" ")
    if unit == "business days":
        return business_days.after(after, int(count))
    if unit == "days":
        return after + timedelta(days=int(count))
    month = Month.of(after).plus(int(count))
    return month.first_day.replace(day=min(after.day, month.last_day.day))


@dataclass(frozen=True)
class DeemedBasis:
    """`after`: the last local day on which an answer was in time. `under`: the term as it stood and its clause,
    contract.yaml:14:26, Schedule 3 paragraph 4.2."""

    after: date
    under: str


def read_deemed_basis(after: str | None, under: str | None) -> DeemedBasis | None:
    """From a payload's `silent_after` and `under`, which come together or not at all. Raises PayloadError."""
    if after is None and under is None:
        return None
    if after is None or under is None:
        raise PayloadError("a silence needs both 'silent_after' and 'under'")
    try:
        day = date.fromisoformat(after)
    except ValueError as problem:
        raise PayloadError("'silent_after' must be a date such as 2019-11-30") from problem
    if day.isoformat() != after:
        raise PayloadError("'silent_after' must be a date such as 2019-11-30")
    return DeemedBasis(day, under)


def is_over(deemed: DeemedBasis, *, recorded_at: str) -> bool:
    """Whether the time for an answer can have been over then. `recorded_at` is UTC, and where clocks are ahead of it a
    day begins on the evening before."""
    return date.fromisoformat(recorded_at[:10]) >= deemed.after
