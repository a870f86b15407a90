"""Every command writes to every store, and leaves the same entries in each."""

from collections.abc import Callable

from muniment.commands.contract_text import adopt_text
from muniment.commands.evidence import receive_submission
from muniment.commands.mitigation import decide_mitigation, request_mitigation
from muniment.commands.recording import open_record
from muniment.commands.reporting import explain_failure, update_project
from muniment.commands.retention import erase_text
from muniment.domain.kernel.period import Month, Period
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.domain.record.reported import TypedFigure
from tests.adapters.stores.contract.whereabouts import KINDS, Kind, Store, Whereabouts

OFFICER = Act("m.okafor", "authority", "as agreed")
SUPPLIER = Act("p.lane", "supplier", "as asked")


def _every_command(store: Store, *, contract: str) -> tuple[Entry, ...]:
    ledger = store.ledger
    texts = {"contract.yaml": "contract: cssc", "regime.yaml": "kpis: []"}
    open_record(ledger=ledger, act=OFFICER, contract=contract)
    adopt_text(ledger=ledger, act=OFFICER, texts=texts, fingerprint="f" * 64)
    receive_submission(
        ledger=ledger,
        blobs=store.blobs,
        act=SUPPLIER,
        table="calls",
        period="2019-05",
        file_name="calls.csv",
        file_kind="csv",
        sha256=store.blobs.put(b"call_id\nC-1\n"),
        rows=1,
        tables=["calls"],
    )
    kpis = ["CSC_KPI_04"]
    request = request_mitigation(
        ledger=ledger,
        act=SUPPLIER,
        kpi="CSC_KPI_04",
        ground="agreed_change",
        first="2019-05",
        last="2019-06",
        review_on="2019-08-01",
        plan="two more assessors",
        kpis=kpis,
        grounds=["agreed_change"],
        term=Period(Month(2019, 4), Month(2019, 11)),
    )
    decide_mitigation(ledger=ledger, act=OFFICER, mitigation=request.subject, outcome="granted", effect="no_points")
    explain_failure(
        ledger=ledger,
        act=SUPPLIER,
        kpi="CSC_KPI_04",
        period="2019-05",
        cause="40 more calls a day",
        effect="longer waits",
        remedy="two more people",
        typed=[TypedFigure("40", "the telephone system")],
        kpis=kpis,
    )
    update_project(
        ledger=ledger,
        act=SUPPLIER,
        project="wan",
        as_at="2019-05-31",
        rag="amber",
        stage="delivery",
        why="late survey",
        projects=["wan"],
    )
    erase_text(ledger=ledger, act=OFFICER, entry=6, name="cause")
    return ledger.entries()


def test_every_command_is_read_back_from_every_store(unopened: Store, place: Whereabouts) -> None:
    written = _every_command(unopened, contract=place.contract)
    assert [entry.kind for entry in written] == [
        "record.opened",
        "text.adopted",
        "submission.received",
        "mitigation.requested",
        "mitigation.decided",
        "failure.explained",
        "project.updated",
        "text.erased",
    ]
    assert written[5].text("cause") == "[text erased]"
    assert place.open().ledger.entries() == written


def test_the_same_acts_have_the_same_head_in_every_store(make_place: Callable[[Kind], Whereabouts]) -> None:
    """In PostgreSQL the contract has an id of its own here, so it is compared as if a folder had it."""
    shared = make_place("postgres").contract
    heads = {}
    for kind in KINDS:
        place = make_place(kind)
        same = Whereabouts(kind, shared, place.folder, place.url)
        heads[kind] = _every_command(same.open(), contract=shared)[-1].hash
        same.close()
    assert len(set(heads.values())) == 1
