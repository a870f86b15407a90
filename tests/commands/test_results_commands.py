"""A failure is explained in words; a typed figure needs its source."""

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.reporting import explain_failure
from muniment.domain.assessment.failure_notes import current_notes, failure_notes_known
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.reported import TypedFigure

MANAGER = Act("m.okafor", "authority", "from the monthly meeting")


def _explain(store: FolderStore, *, cause: str, typed: tuple[TypedFigure, ...] = ()) -> Entry:
    return explain_failure(
        ledger=store.ledger,
        act=MANAGER,
        kpi="CSC_KPI_04",
        period="2019-09",
        cause=cause,
        effect="Callers gave up.",
        remedy="More staff at noon.",
        typed=typed,
        kpis=["CSC_KPI_04"],
    )


def test_a_later_note_takes_the_place_of_the_earlier(store: FolderStore) -> None:
    assert _explain(store, cause="A telephone line failed.").subject == "cssc/CSC_KPI_04/2019-09/f1"
    assert _explain(store, cause="Two lines failed.").subject == "cssc/CSC_KPI_04/2019-09/f2"
    notes = failure_notes_known(store.ledger.entries())
    assert len(notes) == 2
    assert current_notes(notes)["CSC_KPI_04", Month(2019, 9)].explained.cause == "Two lines failed."


def test_digits_are_refused_unless_their_source_is_declared(store: FolderStore) -> None:
    with pytest.raises(RefusedError, match=r"the cause types '13\.28%' without a source") as refused:
        _explain(store, cause="CSC_KPI_04 rose to 13.28%.")
    assert refused.value.rule == "typed_figures"
    declared = (TypedFigure("13.28%", "minute of the Board, January"),)
    _explain(store, cause="CSC_KPI_04 rose to 13.28%.", typed=declared)
    assert failure_notes_known(store.ledger.entries())[0].explained.typed == declared


@pytest.mark.parametrize("typed", [TypedFigure("14%", "minute"), TypedFigure("13.28%", " ")])
def test_a_declared_figure_is_in_the_text_and_has_a_source(store: FolderStore, typed: TypedFigure) -> None:
    with pytest.raises(RefusedError):
        _explain(store, cause="It was 13.28%.", typed=(TypedFigure("13.28%", "minute"), typed))


def test_a_cause_says_something(store: FolderStore) -> None:
    with pytest.raises(RefusedError, match="the cause says nothing"):
        _explain(store, cause="\n")
