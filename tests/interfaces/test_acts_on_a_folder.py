"""People act on a folder from the command line: who, for which side, why; and what waits next is said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.application.load import open_contract
from muniment.application.performing import READING_FIRST
from muniment.commands.table import COMMAND_TABLE
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.kernel.period import Month
from muniment.example.cast import ADMINISTRATOR, APPROVER, CONTRACT_MANAGER, DECISION_MAKER, Person
from muniment.interfaces.cli.command_lines import LEDGER_LINES
from tests.interfaces.conftest import Ran

Muniment = Callable[..., Ran]
MANAGER = ("--as", "m.okafor", "--for", "authority", "--reason", "as agreed")
SUPPLIER = ("--as", "p.lane", "--for", "supplier", "--reason", "the new system came late")
REQUEST = ("CSC_KPI_04", "--ground", "third_party", "--from", "2019-09", "--to", "2019-09")
G1 = "cssc/CSC_KPI_04/2019-09/g1"


@pytest.fixture
def opened(muniment: Muniment, texts_only: Path) -> Path:
    """The example's text, with its record open."""
    assert muniment("open", texts_only, *MANAGER).exit == 0
    return texts_only


def test_every_act_that_can_be_typed_does_something() -> None:
    typed = {spec.name: spec for spec in COMMAND_TABLE.values() if spec.line}
    assert {line for line in LEDGER_LINES if line != "withdraw"} == {spec.line for spec in typed.values()}
    assert {name for name, spec in typed.items() if spec.perform is None} == {*READING_FIRST}


def test_every_argument_of_an_act_has_a_place_of_its_own() -> None:
    kept = {"folder", "actor", "side", "reason", "seen", "key", "database", "command"}
    for line in LEDGER_LINES.values():
        places = [field.option or field.name for field in line.fields]
        assert len({*places} - kept) == len(line.fields), line.word


def test_an_act_prints_its_subject_and_entry_and_what_waits_next(muniment: Muniment, opened: Path) -> None:
    assert muniment("adopt", opened, *MANAGER).out.startswith("cssc/text/t1: text.adopted, entry 2, by m.okafor")
    asked = muniment("request-mitigation", opened, *REQUEST, *SUPPLIER)
    assert asked.out == f"{G1}: mitigation.requested, entry 3, by p.lane (declared, not authenticated)\n"
    assert f"The decision maker must decide {G1}." in asked.err
    decided = muniment("decide-mitigation", opened, G1, "--outcome", "refused", *MANAGER)
    assert (decided.exit, decided.err) == (0, "")


def test_a_refusal_is_exit_1_and_says_who_could(muniment: Muniment, opened: Path) -> None:
    refused = muniment("request-mitigation", opened, *REQUEST, *MANAGER)
    assert refused.exit == 1
    assert refused.err.startswith("refused: m.okafor acts for the authority, which may not ask for mitigation - ")


def test_whoever_saw_an_older_entry_is_told_what_happened_since(muniment: Muniment, opened: Path) -> None:
    muniment("request-mitigation", opened, *REQUEST, *SUPPLIER)
    muniment("decide-mitigation", opened, G1, "--outcome", "refused", *MANAGER)
    late = muniment("withdraw", opened, G1, *SUPPLIER, "--seen", "2")
    assert late.exit == 1
    assert "moved on since entry 2" in late.err
    assert "mitigation.decided" in late.err


def test_the_same_key_records_nothing_twice(muniment: Muniment, opened: Path) -> None:
    first = muniment("request-mitigation", opened, *REQUEST, *SUPPLIER, "--key", "form-1")
    assert muniment("request-mitigation", opened, *REQUEST, *SUPPLIER, "--key", "form-1").out == first.out


def test_after_the_first_appointment_only_the_appointed_act(muniment: Muniment, opened: Path) -> None:
    for person, role in (("m.okafor", "administrator"), ("n.hall", "contract_manager")):
        made = muniment("appoint", opened, person, "--role", role, "--first", "2019-04-01", *MANAGER)
        assert made.exit == 0, made.err
    refused = muniment("request-mitigation", opened, *REQUEST, *SUPPLIER)
    assert "p.lane is nobody with a current appointment" in refused.err
    delegated = muniment(
        "delegate", opened, "cssc/appointments/a2", "o.cole", "--first", "2019-04-01", "--last", "2099-04-01", *MANAGER
    )
    assert delegated.exit == 0, delegated.err
    stand_in = ("--as", "o.cole", "--for", "authority", "--reason", "standing in")
    assert muniment("adopt", opened, *stand_in).exit == 0


def test_the_log_shows_who_did_what_and_why(muniment: Muniment, opened: Path) -> None:
    muniment("dispute", opened, "CSC_KPI_04", "2019-09", "--value", "4.9 %", *SUPPLIER)
    shown = muniment("audit-trail", opened, "--subject", "cssc/CSC_KPI_04")
    assert "1 of 2 entries" in shown.out
    assert "result disputed" in shown.out
    assert "the new system came late" in shown.out
    entries = json.loads(muniment("audit-trail", opened, "--format", "json").out)["entries"]
    assert [entry["kind"] for entry in entries] == ["record.opened", "result.disputed"]


def test_an_erased_text_is_in_no_log(muniment: Muniment, opened: Path) -> None:
    muniment("dispute", opened, "CSC_KPI_04", "2019-09", "--value", "4.9 %", *SUPPLIER)
    assert muniment("erase-text", opened, "2", *MANAGER).exit == 0
    shown = muniment("audit-trail", opened).out
    assert "[text erased]" in shown
    assert "the new system" not in shown


def test_a_row_is_rejected_with_a_reason(muniment: Muniment, opened: Path) -> None:
    refused = muniment("accept", opened, "cssc/calls/2019-09/s1", "--reject", "C-1", *MANAGER)
    assert refused.exit != 0
    assert "'C-1' names no reason - write --reject ROW=REASON" in refused.err


def acting(person: Person, reason: str) -> tuple[str, ...]:
    return ("--as", person.id, "--for", person.on_behalf_of, "--reason", reason)


def test_a_locked_month_is_restated_after_a_late_decision_and_v1_stays(muniment: Muniment, own_demo: Path) -> None:
    """The example's September is locked; the supplier asks for mitigation afterwards, and it is granted."""
    locked = locks_known(open_contract(folder=own_demo, known=None).entries)[Month(2019, 9)]
    quiet = muniment("since-lock", own_demo, "2019-09", "--format", "json").out
    assert [line["effect"] for line in json.loads(quiet)["statements"]] == ["no effect"]

    muniment("request-mitigation", own_demo, *REQUEST, *acting(APPROVER, "the new system came late"))
    granted = ("--outcome", "granted", "--effect", "no_points")
    decided = muniment("decide-mitigation", own_demo, G1, *granted, *acting(DECISION_MAKER, "we agree"))
    assert "The contract manager must propose a restatement of cssc/2019-09, or confirm its statement." in decided.err

    since_lock = json.loads(muniment("since-lock", own_demo, "2019-09", "--format", "json").out)["statements"]
    assert [(line["effect"], line["class"], line["causes"]) for line in since_lock] == [
        ("status or credit changes", "revision", ["mitigation decision"])
    ]
    proposed = muniment("propose-restatement", own_demo, "2019-09", *acting(CONTRACT_MANAGER, "it differs"))
    assert proposed.out.startswith("cssc/2019-09/r1: restatement.proposed"), proposed.err
    assert "CSC_KPI_04" in proposed.err
    refused = muniment(
        "decide-restatement", own_demo, "cssc/2019-09/r1", "--outcome", "approved", *acting(CONTRACT_MANAGER, "mine")
    )
    assert refused.exit == 1
    approved = muniment(
        "decide-restatement", own_demo, "cssc/2019-09/r1", "--outcome", "approved", *acting(DECISION_MAKER, "it stands")
    )
    assert approved.exit == 0, approved.err
    changed = muniment("changed", own_demo, "cssc/2019-09/v1", "cssc/2019-09/v2")
    assert "mitigation decision" in changed.out
    restated = locks_known(open_contract(folder=own_demo, known=None).entries)[Month(2019, 9)]
    assert restated[0] == locked[0], "the inputs and outputs of v1 never change"


def test_a_person_without_an_appointment_may_not_act_on_the_example(muniment: Muniment, own_demo: Path) -> None:
    refused = muniment("request-mitigation", own_demo, *REQUEST, *SUPPLIER)
    assert refused.exit == 1
    assert "may not ask for mitigation" in refused.err
    assert APPROVER.id in refused.err, "the refusal says who could"


def test_what_was_reported_is_held_against_what_the_records_said(muniment: Muniment, own_demo: Path) -> None:
    """September was printed as 12.38%, a typing error; October was printed right."""
    author = "p-author"
    administrator = acting(ADMINISTRATOR, "they write the reports")
    appointed = muniment(
        "appoint", own_demo, author, "--role", "report_author", "--first", "2020-01-01", *administrator
    )
    assert appointed.exit == 0, appointed.err
    by = ("--as", author, "--for", "authority", "--reason", "as it was printed")
    for month, printed in (("2019-09", "12.38%"), ("2019-10", "4.72%")):
        said = muniment(
            "report-figure", own_demo, f"CSC_KPI_04/{month}/value", "--printed", printed,
            "--where", "osmb/2020-01-30/6a", "--how", "addendum", "--on", "2020-01-21", *by,
        )  # fmt: skip
        assert said.exit == 0, said.err
    found = json.loads(muniment("reported", own_demo, "--on", "2020-01-25", "--format", "json").out)
    assert [(fact["printed"], fact["known"], fact["verdict"]) for fact in found["facts"]] == [
        ("12.38%", "13.28%", "correction due"),
        ("4.72%", "4.72%", "agrees"),
    ]
    never = muniment("reported", own_demo, "--on", "2020-01-20", "--fact", "count/tsl_achieved/2019-11")
    assert "never reported" in never.out
    assert "35" in never.out
