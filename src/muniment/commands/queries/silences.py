"""What the agreed text says of every question that waits for an answer: until when, and what silence amounts to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from muniment.commands.queries.terms import business_days_of, regime_of_month
from muniment.domain.assessment.mitigation import Mitigation, mitigations_known
from muniment.domain.evidence.challenges import Challenge, challenges_known
from muniment.domain.lifecycle.silence import Silence
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.terms import last_day

LocalDay = Callable[[str], date]
"""The day in the contract's zone of a moment in UTC."""


def silences(
    *, text: AgreedText, known: date | None, entries: Sequence[Entry], local_day: LocalDay
) -> Mapping[str, Silence]:
    """Id of each challenge that is not answered, and of each mitigation request that is not decided -> what the text
    that its month stands under says, as known on a day; those of which it says nothing are left out."""
    asked = [challenge for challenge in challenges_known(entries) if challenge.is_open and challenge.answer is None]
    requested = [mitigation for mitigation in mitigations_known(entries) if mitigation.is_open]
    found = [
        *_on_challenges(text=text, known=known, asked=asked, local_day=local_day),
        *_on_mitigations(text=text, known=known, requested=requested, local_day=local_day),
    ]
    return {silence.of: silence for silence in found}


def _on_challenges(
    *, text: AgreedText, known: date | None, asked: Sequence[Challenge], local_day: LocalDay
) -> Iterator[Silence]:
    business_days = business_days_of(text.contract(known=known))
    for challenge in asked:
        month = subject_of(challenge.id, letter="q", what="challenge").month
        term = regime_of_month(text=text, known=known, month=month).terms.supplier_on_challenge
        if term is not None:
            due = last_day(within=term.within, after=local_day(challenge.asked.at), business_days=business_days)
            yield Silence(challenge.id, "challenge", due, term.then, term.says)


def _on_mitigations(
    *, text: AgreedText, known: date | None, requested: Sequence[Mitigation], local_day: LocalDay
) -> Iterator[Silence]:
    business_days = business_days_of(text.contract(known=known))
    for request in requested:
        regime = regime_of_month(text=text, known=known, month=request.first)
        term, ground = regime.terms.authority_on_mitigation, regime.grounds.get(request.ground)
        if term is not None:
            due = last_day(within=term.within, after=local_day(request.requested.at), business_days=business_days)
            effect = ground.effect if ground and term.then == "granted" else None
            yield Silence(request.id, "mitigation request", due, term.then, term.says, effect)
