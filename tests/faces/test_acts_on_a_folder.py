"""People act on a folder from the command line: who, for which side, why; and what waits next is said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.domain.kernel.period import Month
from muniment.faces.cli.act_lines import ACTS, ROLES
from muniment.faces.cli.acts import DOES
from muniment.faces.desk.opening import open_contract
from tests.faces.conftest import Ran

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
    assert {act.name for act in ACTS} == set(DOES)


def test_the_roles_that_can_be_typed_are_those_of_the_record() -> None:
    from muniment.domain.lifecycle.appointments import ROLES as KNOWN

    assert ROLES == KNOWN


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
    shown = muniment("log", opened, "--subject", "cssc/CSC_KPI_04")
    assert "1 of 2 entries" in shown.out
    assert "result disputed" in shown.out
    assert "the new system came late" in shown.out
    entries = json.loads(muniment("log", opened, "--format", "json").out)["entries"]
    assert [entry["kind"] for entry in entries] == ["record.opened", "result.disputed"]


def test_an_erased_text_is_in_no_log(muniment: Muniment, opened: Path) -> None:
    muniment("dispute", opened, "CSC_KPI_04", "2019-09", "--value", "4.9 %", *SUPPLIER)
    assert muniment("erase-text", opened, "2", *MANAGER).exit == 0
    shown = muniment("log", opened).out
    assert "[text erased]" in shown
    assert "the new system" not in shown


@pytest.mark.parametrize("rows", [("--reject", "C-1=a test call")])
def test_what_no_figure_can_follow_yet_is_refused_by_name(
    muniment: Muniment, opened: Path, rows: tuple[str, ...]
) -> None:
    refused = muniment("accept", opened, "cssc/calls/2019-09/s1", *rows, *MANAGER)
    assert (refused.exit, "not possible here yet" in refused.err) == (1, True)


def test_two_people_lock_a_month_and_a_late_decision_restates_it(muniment: Muniment, own_demo: Path) -> None:
    in_force = open_contract(folder=own_demo, known=None).text.kpis_in_force(month=Month(2019, 9), known=None)
    tables = {kpi.measure.table for kpi, _ in in_force.values()}
    without = [word for table in sorted(tables) for word in ("--overdue", f"{table}=accepted on paper")]
    signed = muniment("sign", own_demo, "2019-09", *without, *MANAGER)
    assert signed.exit == 0, signed.err
    assert "first and may not sign second too" in muniment("lock", own_demo, "2019-09", *MANAGER).err
    locked = muniment("lock", own_demo, "2019-09", *SUPPLIER)
    assert locked.out.startswith("cssc/2019-09/v1: month.locked"), locked.err

    muniment("request-mitigation", own_demo, *REQUEST, *SUPPLIER)
    decision = ("--outcome", "granted", "--effect", "no_points")
    decided = muniment("decide-mitigation", own_demo, G1, *decision, *MANAGER)
    assert "The contract manager must propose a restatement of cssc/2019-09." in decided.err
    proposed = muniment("propose-restatement", own_demo, "2019-09", *MANAGER)
    assert proposed.out.startswith("cssc/2019-09/r1: restatement.proposed"), proposed.err
    assert "CSC_KPI_04" in proposed.err
    decider = ("--as", "d.pell", "--for", "authority", "--reason", "the decision stands")
    approved = muniment("decide-restatement", own_demo, "cssc/2019-09/r1", "--outcome", "approved", *decider)
    assert approved.exit == 0
    assert "restatement" not in approved.err
    changed = muniment("changed", own_demo, "cssc/2019-09/v1", "cssc/2019-09/v2")
    assert changed.exit == 0
    assert "mitigation decision" in changed.out
