"""An upload is looked at before anybody submits it: what is wrong, how it compares, and what it will change."""

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from muniment.application.dry_run import UploadLook, look_at_upload
from muniment.application.evidence_downloads import left_out_csv, problems_csv, safe_cell, template_csv, template_notes
from muniment.application.load import OpenedContract, open_contract, read_contract
from muniment.application.preview import KpiFigures, Preview, preview
from muniment.application.uploads import submit_file
from muniment.commands.evidence import accept_submission, approve_submission
from muniment.commands.retention import finish_discarding
from muniment.domain.evidence.retention import RowsDiscarded
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act
from tests.interfaces.small_contract import APRIL, JUNE, MAY, SmallContract, make_small_contract, visits

JULY = Month(2019, 7)
KNOWN = date(2019, 8, 30)
HEADING = "visit,came_at,seen_at,purpose,note"
Look = Callable[..., UploadLook]


@pytest.fixture
def own(tmp_path: Path) -> SmallContract:
    made = make_small_contract(tmp_path / "own")
    made.clock.move_to("2019-08-05T09:00:00Z")
    return made


def opened(own: SmallContract) -> OpenedContract:
    return open_contract(folder=own.folder, known=KNOWN)


@pytest.fixture
def look(own: SmallContract, tmp_path: Path) -> Look:
    """Look at a file of visits in July."""

    def at(
        content: str | bytes, *, month: Month = JULY, name: str = "visits.csv", control: int | None = None
    ) -> UploadLook:
        path = tmp_path / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return look_at_upload(
            store=own.store, text=opened(own).text, known=KNOWN, table="visits", month=month, path=path,
            file_name=name, control_rows=control,
        )  # fmt: skip

    return at


def as_workbook(text: str) -> bytes:
    out = BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Visits")
    for number, row in enumerate(csv.reader(StringIO(text))):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return out.getvalue()


def table_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_sound_file_can_be_submitted_and_nothing_is_recorded(own: SmallContract, look: Look) -> None:
    before = own.entries()
    found = look(visits(JULY), control=40)
    assert (found.rows_read, found.rows_sound, found.rows_with_problems) == (40, 40, 0)
    assert (found.can_be_submitted, found.against, found.problems) == (True, (), ())
    assert found.ignored_columns == ("desk clerk",)
    assert str(found.volume) == "40 rows; the 3 months before had 40 on average"
    assert own.entries() == before


def test_every_problem_is_a_row_of_a_table(look: Look) -> None:
    good = "V1,2019-07-01 09:00:00,,meeting,"
    rows = [good, "V2,2019-07-01 09:00:00,,party,", "V1,2019-07-02 09:00:00,,other,", "V4,2019-08-01 09:00:00,,other,"]
    found = look("\n".join([HEADING, *rows]) + "\n")
    assert [(problem.row, problem.column, problem.key, problem.code) for problem in found.problems] == [
        (3, "purpose", "V2", "E115"),
        (4, "", "V1", "E118"),
        (5, "came_at", "V4", "E119"),
    ]
    assert (found.rows_read, found.rows_sound, found.rows_outside, found.rows_duplicate) == (4, 1, 1, 1)
    assert found.against == ("There are 3 problems in the file.",)
    assert table_of(problems_csv(found))[1] == [
        "3", "purpose", "V2", "purpose 'party' is not one of the values of this column",
        "write one of: meeting, delivery, other", "E115",
    ]  # fmt: skip


def test_a_thousand_problems_are_shown_and_the_rest_counted(look: Look) -> None:
    rows = [f"V{number},2019-07-01 09:00:00,,party," for number in range(1_203)]
    found = look("\n".join([HEADING, *rows]) + "\n")
    assert (len(found.problems), found.more_problems, found.rows_with_problems) == (1_000, 203, 1_203)
    assert table_of(problems_csv(found))[-1][3] == "203 more problems"


def test_a_file_that_cannot_be_read_at_all_is_one_problem(look: Look) -> None:
    found = look(b"\xff\xfe" + bytes(20))
    assert [(problem.row, problem.code) for problem in found.problems] == [(None, "E102")]
    assert (found.rows_read, found.comparison, found.can_be_submitted) == (0, None, False)


def test_a_stated_number_of_rows_must_be_the_number_read(look: Look) -> None:
    assert look(visits(JULY), control=41).against == ("The file holds 40 rows, and 41 were stated.",)


def test_a_volume_far_from_the_usual_is_said(look: Look) -> None:
    few = "\n".join(visits(JULY).splitlines()[:21]) + "\n"
    found = look(few)
    assert found.volume.is_unusual
    assert str(found.volume) == (
        "20 rows; the 3 months before had 40 on average, so this is less than the usual by more than 30%"
    )
    assert found.can_be_submitted


def test_it_is_compared_with_the_last_submission_by_key(look: Look) -> None:
    rows = visits(JUNE).splitlines()
    changed = rows[2].replace("meeting", "other")
    found = look("\n".join([rows[0], changed, *rows[3:], rows[1].replace("=V", "=W")]) + "\n", month=JUNE)
    assert found.comparison is not None
    assert (found.comparison.submission, found.comparison.rows_before) == ("tiny/visits/2019-06/s1", 40)
    assert found.comparison.found.added.ids == ("=W2019-06-000",)
    assert found.comparison.found.removed.ids == ("=V2019-06-000",)
    assert (found.comparison.found.changed.count, found.comparison.found.changed.ids) == (1, ("=V2019-06-001",))


def test_the_very_same_file_is_said_to_be_that(look: Look) -> None:
    found = look(visits(JUNE), month=JUNE)
    assert found.same_as == "tiny/visits/2019-06/s1"
    assert found.against == ("It is the same as tiny/visits/2019-06/s1.",)


def test_a_row_of_another_month_stands_against_submitting(own: SmallContract, look: Look) -> None:
    content = visits(JULY).replace("=V2019-07-003", "=V2019-06-003")
    found = look(content)
    assert [(problem.row, problem.code) for problem in found.problems] == [(None, "E122")]
    assert not found.can_be_submitted
    with pytest.raises(ProblemsFoundError, match="'=V2019-06-003' is in tiny/visits/2019-06/s1"):
        submit(own, content.encode(), "visits.csv")


def submit(own: SmallContract, content: bytes, name: str, *, month: Month = JULY) -> str:
    act = Act("p-2", "supplier", "For July.")
    text = opened(own).text
    entry = submit_file(
        store=own.store, text=text, act=act, table="visits", month=month, file_name=name, content=content, known=KNOWN
    )
    return entry.subject


def test_a_workbook_is_kept_beside_what_its_sheet_says(own: SmallContract, look: Look) -> None:
    book = as_workbook(visits(JULY))
    assert look(book, name="Visits July.XLSX").can_be_submitted
    subject = submit(own, book, "Visits July.XLSX")
    received = next(found.received for found in submissions_known(own.entries()) if found.id == subject)
    assert (received.file_kind, received.file_name, received.rows) == ("csv", "Visits July.XLSX", 40)
    assert received.workbook is not None
    assert own.store.blobs.read(received.workbook) == book
    assert own.store.blobs.read(received.sha256).decode().startswith('"visit","came_at","seen_at","purpose","note"\n')
    assert look(book, name="again.xlsx").same_as == subject


def test_a_workbook_gives_the_figures_of_its_csv_file(own: SmallContract, tmp_path: Path) -> None:
    other = make_small_contract(tmp_path / "other")
    other.clock.move_to("2019-08-05T09:00:00Z")
    submit(own, as_workbook(visits(JULY)), "visits.xlsx")
    submit(other, visits(JULY).encode(), "visits.csv")
    assert shown_in(own, JULY) == shown_in(other, JULY)


def test_discarding_the_rows_drops_the_workbook_too(own: SmallContract) -> None:
    subject = submit(own, as_workbook(visits(JULY)), "visits.xlsx")
    received = next(found.received for found in submissions_known(own.entries()) if found.id == subject)
    assert received.workbook is not None
    own.record(subject="tiny/discards/n1", payload=RowsDiscarded(JULY.plus(1), ((subject, received.sha256),)))
    finish_discarding(ledger=own.store.ledger, blobs=own.store.blobs)
    assert not own.store.blobs.has(received.workbook)
    assert not own.store.blobs.has(received.sha256)


def test_a_file_name_leads_nowhere(own: SmallContract, tmp_path: Path) -> None:
    submit(own, visits(JULY).encode(), "../../../visits.csv")
    assert not [*tmp_path.rglob("visits.csv")]


def shown_in(own: SmallContract, month: Month) -> dict[str, KpiFigures]:
    reading = read_contract(opened=opened(own), engine="duckdb", elsewhere={})
    from muniment.domain.assessment.words import shown_value

    return {
        found.kpi.code: KpiFigures(shown_value(found), found.standing.status, found.category, found.points)
        for found in reading.results(first=month, last=month)
    }


def previewed(own: SmallContract, path: Path, *, month: Month, name: str = "visits.csv") -> Preview:
    seen = opened(own)
    return preview(
        store=own.store, text=seen.text, entries=seen.entries, known=KNOWN, table="visits", month=month, path=path,
        file_name=name,
    )  # fmt: skip


@pytest.mark.parametrize(("month", "late"), [(JULY, 1), (JUNE, 20), (APRIL, 0)])
@pytest.mark.parametrize("name", ["visits.csv", "visits.xlsx"])
def test_a_preview_shows_the_figures_that_the_accepted_file_will_have(
    own: SmallContract, tmp_path: Path, month: Month, late: int, name: str
) -> None:
    text = visits(month, late=late)
    path = tmp_path / name
    path.write_bytes(as_workbook(text) if name.endswith("xlsx") else text.encode())
    before = own.entries()
    found = previewed(own, path, month=month, name=name)
    assert own.entries() == before
    assert {line.kpi for line in found.lines} == {"SEEN", "LATE", "QUARTER"}
    now = shown_in(own, month)
    assert {line.kpi: line.now for line in found.lines} == {line.kpi: now[line.kpi] for line in found.lines}
    subject = submit(own, path.read_bytes(), name, month=month)
    approve_submission(ledger=own.store.ledger, act=Act("p-4", "supplier", "Right."), submission=subject)
    accept_submission(ledger=own.store.ledger, act=Act("p-1", "authority", "Accepted."), submission=subject)
    then = shown_in(own, month)
    assert {line.kpi: line.then for line in found.lines} == {line.kpi: then[line.kpi] for line in found.lines}
    assert any(line.changes for line in found.lines)
    for line in found.elsewhere:
        assert shown_in(own, line.month)[line.kpi] == line.then != line.now


def test_a_file_with_problems_has_no_preview(own: SmallContract, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(f"{HEADING}\nV1,2019-07-01 09:00:00,,party,\n")
    with pytest.raises(ProblemsFoundError, match="party"):
        previewed(own, path, month=JULY)


def test_failing_and_left_out_rows_come_as_a_file_that_runs_nothing(own: SmallContract) -> None:
    reading = read_contract(opened=opened(own), engine="duckdb", elsewhere={})
    heading, *rows = table_of(left_out_csv(reading=reading, table="visits", month=JUNE, kpi="SEEN"))
    assert heading == ["KPI", "what became of the row", "row", "visit", "came_at", "seen_at", "purpose", "note"]
    (result,) = (found for found in reading.results(first=JUNE, last=JUNE) if found.kpi.code == "SEEN")
    assert result.measurement is not None
    tally = result.measurement.tally
    assert len(rows) == tally.in_total + sum(tally.left_out)
    assert {row[1] for row in rows} == {"failed", "left out: deliveries", "left out: outside hours"}
    assert next(row for row in rows if row[1] == "failed") == [
        "SEEN", "failed", "'=V2019-06-002", "'=V2019-06-002", "2019-06-03 10:30:00", "2019-06-03 10:45:00", "other",
        '"said ""hello"", and left"'.replace('""', '"')[1:-1],
    ]  # fmt: skip
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))]


def test_the_file_of_a_table_month_has_every_kpi_of_the_table(own: SmallContract) -> None:
    reading = read_contract(opened=opened(own), engine="duckdb", elsewhere={})
    rows = table_of(left_out_csv(reading=reading, table="visits", month=MAY))[1:]
    assert {row[0] for row in rows} == {"SEEN", "LATE"}, "every meeting was seen, so QUARTER has no failing row"
    with pytest.raises(ProblemsFoundError, match="there is no KPI 'LOST' over visits"):
        left_out_csv(reading=reading, table="visits", month=MAY, kpi="LOST")


def test_rejected_rows_are_in_the_file_with_the_officers_reason(own: SmallContract) -> None:
    subject = "tiny/visits/2019-06/s1"
    approve_submission(ledger=own.store.ledger, act=Act("p-4", "supplier", "Right."), submission=subject)
    accept = Act("p-1", "authority", "Accepted without one.")
    rejected = [("=V2019-06-004", "not a visitor")]
    accept_submission(ledger=own.store.ledger, act=accept, submission=subject, rejected=rejected)
    reading = read_contract(opened=opened(own), engine="duckdb", elsewhere={})
    rows = table_of(left_out_csv(reading=reading, table="visits", month=JUNE, kpi="SEEN"))
    assert [row[2] for row in rows if row[1] == "rejected: not a visitor"] == ["'=V2019-06-004"]


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "-", "+44"])
def test_what_would_run_as_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-1.5", "12", "a=b", "'=1"])
def test_what_runs_nothing_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_a_template_has_the_names_of_the_suppliers_file(own: SmallContract) -> None:
    contract = opened(own).text.contract(known=KNOWN)
    assert table_of(template_csv(contract, "visits")) == [HEADING.split(",")]
    notes = {note.heading: note for note in template_notes(contract, "visits")}
    assert notes["visit"].meaning == "Names the row: no two may share it. Must be given"
    assert notes["came_at"].meaning == "Decides the month of the row. Must be given"
    assert notes["came_at"].example == "2019-10-31 14:30:00"
    assert notes["purpose"].meaning == "One of: meeting, delivery, other. Must be given"
    assert notes["note"].meaning == "May be empty"
