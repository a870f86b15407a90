"""The four acts that compute a month's statement before they record: sign, lock, propose a restatement, keep."""

from dataclasses import dataclass

from muniment.commands.foresee_refusal import SettlingVerb, foresee_refusal
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.faces.desk.acting import (
    Acting,
    Shown,
    figures_in_words,
    keep,
    last_lock,
    lock,
    propose,
    sign,
    to_be_signed,
)


@dataclass(frozen=True)
class Settling:
    """What is to be done to a month. `overdue`: of a signature, (table, why the month is settled without it).
    `is_outside_window`: of a restatement, that it is meant although the evidence came after the agreed window.
    `shown`: of a signature, the statement that the person was shown."""

    verb: SettlingVerb
    month: Month
    overdue: tuple[tuple[str, str], ...] = ()
    is_outside_window: bool = False
    shown: Shown | None = None


def settle(acting: Acting, asked: Settling) -> Entry:
    """Do it; it may take long. Raises Refused, ProblemsFound, NotRecorded."""
    match asked.verb:
        case "sign":
            entry, _ = sign(acting, month=asked.month, overdue=asked.overdue, shown=asked.shown)
            return entry
        case "lock":
            return lock(acting, month=asked.month, shown=asked.shown)
        case "propose_restatement":
            entry, _ = propose(acting, month=asked.month, is_outside_window=asked.is_outside_window)
            return entry
        case "keep_statement":
            return keep(acting, month=asked.month)


def shown_in(page: Json) -> Shown:
    """The statement that a projected page of a month shows (see projecting_months.month_page)."""
    match page:
        case {"fingerprint": str(statement), "points": str(points), "shown": {"credit_due": str(due)}}:
            return Shown(statement, figures_in_words(points=points, due=due))
        case _:
            return Shown("", "")


def foresee_settling(acting: Acting, asked: Settling) -> Entry | None:
    """Refuse at once what can be refused before anything is computed. The entry that the act's key left already.

    Raises Refused, ProblemsFound, NotRecorded.
    """
    opened = to_be_signed(acting, asked.month)
    if asked.verb in ("propose_restatement", "keep_statement"):
        last_lock(opened, asked.month)
    return foresee_refusal(ledger=opened.store.ledger, act=acting.act, verb=asked.verb, month=asked.month)
