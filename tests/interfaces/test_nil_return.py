"""A nil return: the evidence of a month came, and there was nothing. It is a submission of no rows, everywhere."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from muniment.application.comparison import compare_submissions, rows_of_submission
from muniment.application.load import open_contract
from muniment.commands.evidence import accept_submission, approve_submission, declare_nil_return
from muniment.domain.evidence.submissions import counting_submissions, submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry
from muniment.interfaces.cli.main import main
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import APRIL, MAY, TEXTS, parcels, visits

SUPPLIER = ("--for", "supplier", "--reason", "the desk was shut")
AUTHORITY = ("--as", "m.okafor", "--for", "authority", "--reason", "so agreed")
VISITS = "tiny/visits/2019-04/s1"


@pytest.fixture
def tiny(muniment: Muniment, tmp_path: Path) -> Path:
    """The small contract's text, adopted, and nothing else in its record."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert muniment("open", folder, *AUTHORITY).exit == muniment("adopt", folder, *AUTHORITY).exit == 0
    return folder


def _declares(
    folder: Path, *, table: str = "visits", period: str = "2019-04", act: Act | None = None, key: str | None = None
) -> Entry:
    opened = open_contract(folder=folder, known=None)
    return declare_nil_return(
        ledger=opened.store.ledger, blobs=opened.store.blobs, table=table, period=period,
        act=act or Act("p.lane", "supplier", "the desk was shut", key=key), contract=opened.text.contract(known=None),
    )  # fmt: skip


def _accepted(folder: Path, submission: str) -> None:
    ledger = open_contract(folder=folder, known=None).store.ledger
    approve_submission(ledger=ledger, act=Act("s.byrne", "supplier", "it is so"), submission=submission)
    accept_submission(ledger=ledger, act=Act("c.day", "authority", "it is so"), submission=submission)


def test_it_is_declared_approved_and_accepted_from_the_command_line(muniment: Muniment, tiny: Path) -> None:
    said = muniment("declare-nil-return", tiny, "visits", "2019-04", "--as", "p.lane", *SUPPLIER)
    assert said.out == f"{VISITS}: submission.received, entry 3, by p.lane (declared, not authenticated)\n"
    assert "The supplier's approver must approve tiny/visits/2019-04" in said.err
    assert muniment("approve", tiny, VISITS, "--as", "s.byrne", *SUPPLIER).exit == 0
    assert muniment("accept", tiny, VISITS, *AUTHORITY).exit == 0
    found = counting_submissions(open_contract(folder=tiny, known=None).entries)["visits", APRIL]
    assert (found.received.is_nil, found.received.rows, found.is_provisional) == (True, 0, False)
    assert muniment("check", tiny).exit == 0
    assert muniment("doctor", tiny).exit == 0


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_what_is_counted_of_nothing_is_no_activity_where_nothing_at_all_was_no_evidence(
    muniment: Muniment, tiny: Path, engine: str
) -> None:
    asked = ("assess", tiny, "--from", "2019-04", "--to", "2019-04", "--kpi", "LATE", "--engine", engine)
    assert "no evidence" in muniment(*asked).out
    _declares(tiny)
    line = muniment(*asked).out.splitlines()[-1]
    assert "no activity" in line
    assert line.split()[4] == "0", "the visitors that were counted"


@pytest.mark.parametrize("rule", ["met_target", "not_applicable"])
def test_the_agreed_text_says_what_a_month_without_activity_comes_to(muniment: Muniment, tiny: Path, rule: str) -> None:
    regime = tiny / "regime.yaml"
    text = regime.read_text(encoding="utf-8")
    regime.write_text(text.replace("no_activity: not_applicable", f"no_activity: {rule}"), encoding="utf-8")
    _declares(tiny)
    out = muniment("assess", tiny, "--from", "2019-04", "--to", "2019-04", "--kpi", "LATE").out
    assert ("met target" in out) == (rule == "met_target")


def test_a_month_with_rows_and_one_without_are_read_together(muniment: Muniment, tiny: Path, tmp_path: Path) -> None:
    _declares(tiny)
    sent = tmp_path / "visits.csv"
    sent.write_text(visits(MAY), encoding="utf-8")
    assert muniment("submit", tiny, "visits", "2019-05", sent, "--as", "p.lane", *SUPPLIER).exit == 0
    out = muniment("assess", tiny, "--from", "2019-04", "--to", "2019-05", "--kpi", "SEEN").out
    assert [line.split()[-1] for line in out.splitlines()[-2:]] == ["0", "1"]


@pytest.mark.parametrize("hidden", [(), ("--pseudonymise",)])
def test_its_bundle_holds_and_is_performed_again(
    muniment: Muniment, tiny: Path, tmp_path: Path, hidden: tuple[str, ...]
) -> None:
    _declares(tiny)
    _declares(tiny, table="parcels")
    for table in ("visits", "parcels"):
        _accepted(tiny, f"tiny/{table}/2019-04/s1")
    out = tmp_path / "april.zip"
    assert muniment("bundle", tiny, "tiny/2019-04", "--out", out, *hidden).exit == 0
    with ZipFile(out) as archive:
        assert archive.read("rows/parcels/2019-04.csv").replace(b'"', b"").split() == [b"parcel,due_on,value,lost"]
    for way in (("--engine", "duckdb"), ("--engine", "reference"), ("--sql",)):
        done = muniment("reperform", out, *way)
        assert done.exit == 0, done.out
        assert "agrees" in done.out


def test_it_goes_into_a_backup_and_comes_back(muniment: Muniment, tiny: Path, tmp_path: Path) -> None:
    _declares(tiny)
    before = muniment("statement", tiny, "--period", "2019-04", "--format", "json").out
    assert muniment("backup", tiny, "--out", tmp_path / "tiny.zip").exit == 0
    assert muniment("restore", tmp_path / "tiny.zip", "--into", tmp_path / "again").exit == 0
    assert muniment("statement", tmp_path / "again", "--period", "2019-04", "--format", "json").out == before


def test_a_file_that_holds_no_rows_is_still_no_evidence(muniment: Muniment, tiny: Path, tmp_path: Path) -> None:
    sent = tmp_path / "parcels.csv"
    sent.write_text(parcels(APRIL).partition("\n")[0] + "\n", encoding="utf-8")
    refused = muniment("submit", tiny, "parcels", "2019-04", sent, "--as", "p.lane", *SUPPLIER)
    assert (refused.exit, "the file holds no rows" in refused.err) == (1, True)


def test_nobody_of_the_authority_declares_that_there_was_nothing(tiny: Path) -> None:
    with pytest.raises(RefusedError, match="may not declare a nil return"):
        _declares(tiny, act=Act("c.day", "authority", "nothing came"))


def test_whoever_declared_it_does_not_approve_it(tiny: Path) -> None:
    _declares(tiny)
    ledger = open_contract(folder=tiny, known=None).store.ledger
    with pytest.raises(RefusedError) as refused:
        approve_submission(ledger=ledger, act=Act("p.lane", "supplier", "it is so"), submission=VISITS)
    assert refused.value.rule == "four_eyes"


def test_it_is_declared_once_and_the_same_key_again_is_the_same_act(tiny: Path) -> None:
    first = _declares(tiny, key="k-1")
    assert _declares(tiny, key="k-1") == first
    with pytest.raises(RefusedError, match="is a nil return already"):
        _declares(tiny)


@pytest.mark.parametrize(
    ("table", "period", "rule"),
    [("pigs", "2019-04", "agreed_text"), ("visits", "2021-04", "within_term"), ("visits", "April", "whole_month")],
)
def test_it_is_of_a_table_and_a_month_of_the_record(tiny: Path, table: str, period: str, rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        _declares(tiny, table=table, period=period)
    assert refused.value.rule == rule


def test_before_the_month_is_over_nobody_knows_that_there_is_nothing(tiny: Path) -> None:
    last = Act("p.lane", "supplier", "nobody comes today", on=APRIL.last_day)
    with pytest.raises(RefusedError) as refused:
        _declares(tiny, act=last)
    assert refused.value.rule == "month_over"
    assert open_contract(folder=tiny, known=None).store.ledger.entries()[-1].kind == "text.adopted"
    _declares(tiny, act=Act("p.lane", "supplier", "nobody came", on=MAY.first_day))


def test_after_acceptance_it_is_a_proposal_as_a_file_is_and_a_file_takes_its_place(tiny: Path, tmp_path: Path) -> None:
    _declares(tiny)
    _accepted(tiny, VISITS)
    sent = tmp_path / "visits.csv"
    sent.write_text(visits(APRIL), encoding="utf-8")
    assert main(["submit", str(tiny), "visits", "2019-04", str(sent), "--as", "p.lane", *SUPPLIER]) == 0
    entries = open_contract(folder=tiny, known=None).entries
    assert counting_submissions(entries)["visits", APRIL].id == VISITS
    _accepted(tiny, "tiny/visits/2019-04/s2")
    found = counting_submissions(open_contract(folder=tiny, known=None).entries)["visits", Month(2019, 4)]
    assert (found.id, found.received.is_nil) == ("tiny/visits/2019-04/s2", False)


def test_it_is_compared_with_the_file_that_follows_it(tiny: Path, tmp_path: Path) -> None:
    _declares(tiny)
    sent = tmp_path / "visits.csv"
    sent.write_text(visits(APRIL), encoding="utf-8")
    assert main(["submit", str(tiny), "visits", "2019-04", str(sent), "--as", "p.lane", *SUPPLIER]) == 0
    opened = open_contract(folder=tiny, known=None)
    earlier, later = (
        rows_of_submission(store=opened.store, text=opened.text, submission=known)
        for known in submissions_known(opened.entries)
    )
    found = compare_submissions(table=opened.text.contract(known=None).tables["visits"], earlier=earlier, later=later)
    assert (found.rows_before, found.rows_after, found.added, found.gone) == (0, 40, 40, 0)
