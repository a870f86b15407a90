"""What the agreed text says of a mitigation, and of every question that waits for an answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from muniment.domain.assessment.mitigation import Mitigation, mitigations_known
from muniment.domain.assessment.mitigation_terms import DatedRequest, departures, last_day_to_ask
from muniment.domain.evidence.challenges import Challenge, challenges_known
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.contract import BUSINESS_DAY, Contract
from muniment.domain.regime.regime import Regime
from muniment.domain.regime.terms import last_day

_WEEKDAYS = BusinessDays(frozenset(range(5)), frozenset())

LocalDay = Callable[[str], date]
"""The day in the contract's zone of a moment in UTC."""


def business_days_of(contract: Contract) -> BusinessDays:
    """The contract's Business Days; Monday to Friday where it declares none."""
    calendar = contract.calendars.get(BUSINESS_DAY)
    return calendar if isinstance(calendar, BusinessDays) else _WEEKDAYS


def regime_of_month(*, text: AgreedText, known: date | None, month: Month) -> Regime:
    """The text that a month stands under; for one outside the term, that of the nearest month inside."""
    contract = text.contract(known=known)
    inside = min(max(month, contract.start), contract.end)
    return text.regime_at(on=inside.first_day, known=known)


def departures_of(
    *, text: AgreedText, known: date | None, mitigation: Mitigation, asked_on: date | None
) -> tuple[str, ...]:
    """Where a mitigation departs from the terms of its ground, a sentence each. `asked_on`: the local day of asking."""
    ground = regime_of_month(text=text, known=known, month=mitigation.first).grounds.get(mitigation.ground)
    if asked_on is None or ground is None:
        return ()
    business_days = business_days_of(text.contract(known=known))
    return departures(asked=DatedRequest(mitigation, asked_on), ground=ground, business_days=business_days)


def last_day_of_asking(*, text: AgreedText, known: date | None, ground: str, month: Month) -> date:
    """The last day on which mitigation on that ground is asked for in time, for months from `month` on. Raises KeyError
    for a ground that is not in force then."""
    within = regime_of_month(text=text, known=known, month=month).grounds[ground].request_within
    return last_day_to_ask(within=within, first=month, business_days=business_days_of(text.contract(known=known)))


def deemed_proposals(
    *, text: AgreedText, known: date | None, entries: Sequence[Entry], local_day: LocalDay
) -> Mapping[str, DeemedProposal]:
    """Id of each challenge that is not answered, and of each mitigation request that is not decided -> what the text
    that its month stands under says, as known on a day; those of which it says nothing are left out."""
    asked = [challenge for challenge in challenges_known(entries) if challenge.is_open and challenge.answer is None]
    requested = [mitigation for mitigation in mitigations_known(entries) if mitigation.is_open]
    found = [
        *_on_challenges(text=text, known=known, asked=asked, local_day=local_day),
        *_on_mitigations(text=text, known=known, requested=requested, local_day=local_day),
    ]
    return {deemed.of: deemed for deemed in found}


def _on_challenges(
    *, text: AgreedText, known: date | None, asked: Sequence[Challenge], local_day: LocalDay
) -> Iterator[DeemedProposal]:
    business_days = business_days_of(text.contract(known=known))
    for challenge in asked:
        month = subject_of(challenge.id, letter="q", what="challenge").month
        term = regime_of_month(text=text, known=known, month=month).terms.supplier_on_challenge
        if term is not None:
            due = last_day(within=term.within, after=local_day(challenge.asked.at), business_days=business_days)
            yield DeemedProposal(challenge.id, "challenge", due, term.then, term.says)


def _on_mitigations(
    *, text: AgreedText, known: date | None, requested: Sequence[Mitigation], local_day: LocalDay
) -> Iterator[DeemedProposal]:
    business_days = business_days_of(text.contract(known=known))
    for request in requested:
        regime = regime_of_month(text=text, known=known, month=request.first)
        term, ground = regime.terms.authority_on_mitigation, regime.grounds.get(request.ground)
        if term is not None:
            due = last_day(within=term.within, after=local_day(request.requested.at), business_days=business_days)
            effect = ground.effect if ground and term.then == "granted" else None
            yield DeemedProposal(request.id, "mitigation request", due, term.then, term.says, effect)
