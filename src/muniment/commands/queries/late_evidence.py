"""Evidence for a locked month that came after the window that the agreed text leaves for it.

It is accepted and stored like any other. By itself it brings no restatement about.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.commands.queries.terms import LocalDay, business_days_of, regime_of_month
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.sealed_statement import SealedStatement
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.guards import inputs_since
from muniment.domain.lifecycle.statement_confirmed import looked_at
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.terms import LateEvidence, last_day


@dataclass(frozen=True)
class LateSubmission:
    """`submission`: cssc/calls/2019-09/s2, which came on the local day `came`. `last`: the window's last day. `window`:
    2 months. `under`: where the agreed text says so."""

    submission: str
    came: date
    last: date
    window: str
    under: str

    @property
    def sentence(self) -> str:
        return (
            f"{self.submission} came on {self.came}, after the window of {self.window} ({self.under}) "
            f"had ended on {self.last}"
        )


@dataclass(frozen=True)
class _Window:
    last: date
    term: LateEvidence


def too_late(
    *, text: AgreedText, known: date | None, entries: Sequence[Entry], local_day: LocalDay
) -> Mapping[str, LateSubmission]:
    """Id of a submission -> how late it came. The window runs from the day on which its month was first locked."""
    windows: dict[Month, _Window] = {}
    business_days = business_days_of(text.contract(known=known))
    for month, locks in locks_known(entries).items():
        term = regime_of_month(text=text, known=known, month=month).terms.late_evidence
        if term.window is not None:
            locked_on = local_day(locks[0].recorded.at)
            windows[month] = _Window(last_day(within=term.window, after=locked_on, business_days=business_days), term)
    found: dict[str, LateSubmission] = {}
    for submission in submissions_known(entries) if windows else ():
        window = windows.get(submission.period)
        if window is not None and (came := local_day(submission.recorded.at)) > window.last:
            found[submission.id] = LateSubmission(
                submission.id, came, window.last, str(window.term.window), window.term.says
            )
    return found


def counted_too_late(
    *, before: SealedStatement, after: SealedStatement, known: Mapping[str, LateSubmission]
) -> tuple[LateSubmission, ...]:
    """Of what counts in the later of two sealed statements and not in the earlier one, what came too late."""
    return tuple(known[name] for name in _counted(after) if name in known and name not in _counted(before))


def settled_all_the_same(entries: Sequence[Entry], *, known: Collection[str]) -> frozenset[str]:
    """Locked months (cssc/2019-09) whose inputs nothing touched since their last version, or since that was confirmed,
    but what came too late: they changed since their lock, and nobody has to restate them."""
    found = []
    confirmed = looked_at(entries)
    for month, locks in locks_known(entries).items():
        seen = max(locks[-1].locked.computed_on, confirmed.get((month, locks[-1].locked.number), 0))
        since = inputs_since(entries, month=month, computed_on=seen)
        if since and all(entry.subject in known for entry in since):
            found.append(locks[-1].id.rpartition("/")[0])
    return frozenset(found)


def _counted(sealed: SealedStatement) -> list[str]:
    """The id of each submission that counts."""
    return [submission.id for submission in sealed.inputs.submissions]
