"""Record a figure as it was reported: printed in a report or an addendum, or said."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.lifecycle.policies import contract_of, known_day, one_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused
from muniment.domain.record.reported import REPORTED_HOW, FigureReported, figures_reported


def report_figure(*, ledger: Ledger, act: Act, fact: str, printed: str, where: str, how: str, on: str) -> Entry:
    """`fact`: its id. `printed`: the text as it stood. `where`: the paper. `on`: the day of publishing or saying it."""
    for name, text in (("fact", fact), ("printed", printed), ("where", where)):
        if not text.strip() or not text.isprintable():
            raise Refused("said", f"the reported figure has no '{name}'", "give it")
    figure = FigureReported(
        fact, printed, where, one_of(how, words=REPORTED_HOW, what="way of reporting"), known_day(on)
    )

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        known = figures_reported(entries)
        if any(earlier.figure == figure for earlier in known):
            raise Refused("nothing_new", f"this was recorded already for {fact}", "record what is not there yet")
        return Draft(f"{contract}/reported/p{len(known) + 1}", figure, act)

    return record(ledger=ledger, act=act, verb="report_figure", kind=FigureReported, decide=decide)
