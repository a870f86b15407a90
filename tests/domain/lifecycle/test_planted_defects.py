"""Each defect below is planted into the product, and the state machine must notice it.

The list stands in docs/explanation/planted-defects.md, which is made from the sentences here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from muniment.commands import challenges, evidence, mitigation, recording, restatements, results, statements
from muniment.commands.queries.recalculation import Recalculation
from muniment.commands.spec import CommandSpec
from muniment.domain.evidence import submissions
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.lifecycle import guards, states
from muniment.domain.lifecycle.appointments import Role
from muniment.domain.lifecycle.kpi_month import KPI_MONTH_MACHINE
from muniment.domain.lifecycle.machine import Machine, Transition
from muniment.domain.lifecycle.mitigation_request import MITIGATION_MACHINE
from muniment.domain.lifecycle.month import MONTH_MACHINE
from muniment.domain.lifecycle.table_month import TABLE_MONTH_MACHINE
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.snapshot import folded
from muniment.domain.record.versions import must_be_current
from muniment.domain.regime.terms import DeemedBasis
from tests.domain.lifecycle.month_machine import MonthMachine
from tests.domain.lifecycle.month_model import TODAY

Plant = Callable[[pytest.MonkeyPatch], None]
ROUNDS = 2_000


def _cell(machine: Machine, state: str, event: str, to: str, *, changes_inputs: bool = False) -> Plant:
    cell = Transition(machine.name, state, event, to, changes_inputs)
    return lambda patch: patch.setitem(_dict(machine.table), (state, event), cell)


def _dict(table: Mapping[tuple[str, str], Transition]) -> dict[tuple[str, str], Transition]:
    assert isinstance(table, dict)
    return table


def _quiet(machine: Machine, state: str, event: str) -> Plant:
    """The transition happens, and the month does not hear that its inputs changed."""
    cell = replace(machine.at(state=state, event=event), changes_inputs=False)
    return lambda patch: patch.setitem(_dict(machine.table), (state, event), cell)


def _role(module: object, command: CommandSpec, role: Role) -> Plant:
    changed = replace(command, roles=(*command.roles, role))
    return lambda patch: patch.setattr(module, command.name.upper(), changed)


def _no_preconditions(module: object, command: CommandSpec) -> Plant:
    return lambda patch: patch.setattr(module, command.name.upper(), replace(command, preconditions=()))


def _nothing(module: object, name: str) -> Plant:
    """A guard that is never asked."""
    return lambda patch: patch.setattr(module, name, lambda *_, **__: None)


def _both(*plants: Plant) -> Plant:
    """What two guards hold is let go by both."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for one in plants:
            one(patch)

    return plant


def _constant(module: object, name: str, value: object) -> Plant:
    return lambda patch: patch.setattr(module, name, value)


def _unchecked_key(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recording, "_says_the_same", lambda *_: True)


def _forgotten_key(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recording, "_recorded_before", lambda *_, **__: None)


def _silent_refusal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recording, "refusal_of", lambda *_, **__: None)


def _latest_counts(patch: pytest.MonkeyPatch) -> None:
    """A proposal counts before it is accepted."""

    def counting(entries: Sequence[Entry]) -> object:
        with folded(entries, submissions._Fold) as fold:
            latest = {key: place.latest or place.accepted for key, place in fold.places.items()}
            return {key: fold.found[id_] for key, id_ in latest.items() if id_ is not None}

    patch.setattr("tests.domain.lifecycle.month_machine.counting_submissions", counting)


def _approval_without_lock(patch: pytest.MonkeyPatch) -> None:
    """An approved restatement leaves no new version."""
    drafts = recording._drafts
    patch.setattr(recording, "_drafts", lambda decided: drafts(decided)[:1])


def _stale_by_one(patch: pytest.MonkeyPatch) -> None:
    current = must_be_current

    def late(entries: Sequence[Entry], *, act: Act, thing: str, wanted: str) -> None:
        seen = None if act.seen is None else min(act.seen + 1, len(entries))
        current(entries, act=replace(act, seen=seen), thing=thing, wanted=wanted)

    patch.setattr(recording, "must_be_current", late)


DEFECTS: dict[str, Plant] = {
    "a preparer approves the own submission": _both(
        _nothing(evidence, "must_be_another"), _nothing(evidence, "must_not_stand_in")
    ),
    "whoever asked for mitigation decides it": _nothing(mitigation, "must_be_another"),
    "whoever prepared or approved evidence accepts it": _nothing(evidence, "must_be_another"),
    "whoever raised a dispute resolves it": _nothing(results, "must_be_another"),
    "one person signs twice": _both(_nothing(statements, "must_be_another"), _nothing(statements, "must_not_stand_in")),
    "whoever proposed a restatement approves it": _both(
        _nothing(restatements, "must_be_another"), _nothing(restatements, "must_not_stand_in")
    ),
    "a contract officer decides mitigation": _role(mitigation, mitigation.DECIDE_MITIGATION, "contract_officer"),
    "a decision maker signs first": _role(statements, statements.SIGN, "decision_maker"),
    "an administrator accepts evidence": _role(evidence, evidence.ACCEPT, "administrator"),
    "a preparer approves submissions": _role(evidence, evidence.APPROVE, "supplier_preparer"),
    "nobody's appointment is asked for": _nothing(recording, "must_be_permitted"),
    "an unapproved submission is accepted": _cell(
        TABLE_MONTH_MACHINE, "submitted", "accept", "accepted", changes_inputs=True
    ),
    "an open challenge does not stop acceptance": _cell(
        TABLE_MONTH_MACHINE, "challenged", "accept", "accepted", changes_inputs=True
    ),
    "an answered challenge is answered again": _cell(TABLE_MONTH_MACHINE, "answered", "answer", "answered"),
    "an unanswered challenge is upheld without being deemed": _cell(
        TABLE_MONTH_MACHINE, "challenged", "uphold", "approved"
    ),
    "a challenge is deemed upheld before its time is over": _constant(
        challenges, "confirm_deemed", lambda *_, **__: DeemedBasis(TODAY - timedelta(days=1), "para 4")
    ),
    "a challenge that is left unresolved is no dispute": _cell(
        TABLE_MONTH_MACHINE, "challenged", "leave_unresolved", "approved"
    ),
    "a new submission takes the place of the accepted one": _latest_counts,
    "a superseded submission is accepted": _constant(
        evidence, "latest_of", lambda entries, **_: submissions.submissions_known(entries)[0]
    ),
    "an acceptance is withdrawn after the lock": _no_preconditions(evidence, evidence.WITHDRAW_ACCEPTANCE),
    "rejected rows are forgotten": _constant(evidence, "rejected_rows", lambda _: ()),
    "a month locks without its evidence": _nothing(guards, "_evidence_is_settled"),
    "a month locks over an open challenge": _nothing(guards, "_no_challenge_is_open"),
    "a month locks over an undecided mitigation": _nothing(guards, "_mitigations_are_decided"),
    "a signature survives new evidence": _quiet(TABLE_MONTH_MACHINE, "proposal_approved", "accept"),
    "a signature survives a mitigation decision": _quiet(MITIGATION_MACHINE, "requested", "grant"),
    "a dispute's outcome after the lock is not noticed": _quiet(KPI_MONTH_MACHINE, "settled_in_dispute", "uphold"),
    "a dispute that is not upheld overtakes a locked month": _cell(
        KPI_MONTH_MACHINE, "settled_in_dispute", "resolve", "settled", changes_inputs=True
    ),
    "a locked month is kept although nothing overtook it": _cell(
        MONTH_MACHINE, "locked", "confirm_statement", "locked"
    ),
    "a statement that would say something else is kept": _constant(
        Recalculation, "needs_restating", property(lambda _: False)
    ),
    "a statement is confirmed on what was computed too early": _nothing(statements, "must_be_fresh"),
    "a locked month is signed again": _cell(MONTH_MACHINE, "locked", "sign", "signed"),
    "a locked month is opened by late evidence": _cell(MONTH_MACHINE, "locked", "change_inputs", "open"),
    "a restatement is approved after its inputs moved": _both(
        _cell(MONTH_MACHINE, "changed_since_proposal", "approve_restatement", "locked"),
        _nothing(restatements, "must_be_fresh"),
    ),
    "two restatements wait at once": _cell(
        MONTH_MACHINE, "restatement_proposed", "propose_restatement", "restatement_proposed"
    ),
    "a decided mitigation is decided again": _cell(
        MITIGATION_MACHINE, "refused", "grant", "granted", changes_inputs=True
    ),
    "a second signature under another statement": _constant(statements, "sealed_fingerprint", lambda _: "0" * 64),
    "a signature on a statement computed too early": _nothing(statements, "must_be_fresh"),
    "a lock on a statement computed too early": _nothing(statements, "must_be_fresh"),
    "a proposal computed too early": _nothing(restatements, "must_be_fresh"),
    "a stale tab wins": _nothing(recording, "must_be_current"),
    "a stale tab wins if it is one entry behind": _stale_by_one,
    "a double click records twice": _forgotten_key,
    "one key stands for two acts": _unchecked_key,
    "a refusal leaves no trace": _silent_refusal,
    "late evidence does not say that it is late": _constant(evidence, "version_locked", lambda *_: None),
    "a late decision does not say that it is late": _constant(mitigation, "version_locked", lambda *_: None),
    "a late outcome does not say that it is late": _constant(results, "version_locked", lambda *_: None),
    "an approved restatement leaves no new version": _approval_without_lock,
    "a lock leaves disputed results unsettled": _constant(
        states._Fold, "_lock", lambda self, entry: self._move(entry, "month", entry.subject[:-3], "lock")
    ),
}


@pytest.mark.proof
@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_caught(defect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    DEFECTS[defect](monkeypatch)
    quick = settings(
        max_examples=ROUNDS,
        stateful_step_count=50,
        deadline=None,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with pytest.raises((AssertionError, ProblemsFoundError, RefusedError)):
        run_state_machine_as_test(MonthMachine, settings=quick)


def test_the_page_lists_every_planted_defect() -> None:
    page = Path(__file__).parents[3] / "docs" / "explanation" / "planted-defects.md"
    listed = [line[2:] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
    assert listed == [defect[0].upper() + defect[1:] + "." for defect in DEFECTS]
    assert len(listed) >= 20
