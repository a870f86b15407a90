"""Which locked months a text adopted late touches: those under another text now than when they were locked."""

from collections.abc import Mapping, Sequence

from muniment.commands.queries.seal import regimes_under
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.restatement import restatements_known
from muniment.domain.evidence.retention import discarded_before
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText


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
