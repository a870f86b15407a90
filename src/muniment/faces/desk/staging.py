"""Performing a script of acts through the commands that a person would use, on a clock that the script moves."""

from collections.abc import Mapping
from datetime import date

from muniment.adapters.folder.store import FolderStore
from muniment.commands.accept_submission import accept_submission
from muniment.commands.adopt_text import adopt_text
from muniment.commands.appoint_person import appoint_person
from muniment.commands.approve_submission import approve_submission
from muniment.commands.decide_mitigation import decide_mitigation
from muniment.commands.explain_failure import explain_failure
from muniment.commands.lock_month import lock_month
from muniment.commands.open_record import open_record
from muniment.commands.request_mitigation import request_mitigation
from muniment.commands.sign_statement import sign_statement
from muniment.commands.update_project import update_project
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.period import Month, Period
from muniment.domain.portfolio.text import Followed
from muniment.domain.record.act import Act
from muniment.domain.regime.agreed import AgreedText
from muniment.example import acts
from muniment.example.generator import csv_of
from muniment.faces.desk.acting import month_to_lock
from muniment.faces.desk.computing import Computed, compute
from muniment.faces.desk.opening import Opened
from muniment.faces.desk.submitting import submit_file


class Stage:
    """A contract folder on which the script is played. `perform` raises what the commands raise."""

    def __init__(self, *, store: FolderStore, text: AgreedText, followed: Followed, texts: Mapping[str, str]) -> None:
        self._store = store
        self._text = text
        self._followed = followed
        self._texts = texts
        regime = text.regime_at(on=text.contract_text.term.last, known=None)
        signed = text.regime_at(on=text.contract_text.term.first, known=None)
        self._kpis = {*regime.kpis, *signed.kpis}
        self._grounds = tuple(regime.grounds)
        contract = text.contract(known=None)
        self._term = Period(contract.start, contract.end)
        self._submitted: dict[tuple[str, Month], str] = {}
        self._signed: dict[Month, tuple[Computed, int]] = {}

    def perform(self, act: acts.StoryAct) -> None:
        """Record one act. The clock stands at its time."""
        by = Act(actor=act.actor, on_behalf_of=act.on_behalf_of, reason=act.reason, on=_day(act))
        match act:
            case acts.OpenRecord() | acts.AdoptText() | acts.Appoint():
                self._set_up(act, by)
            case acts.Submit() | acts.Approve() | acts.Accept():
                self._hand_in(act, by)
            case acts.Sign() | acts.Lock():
                self._settle(act, by)
            case acts.RequestMitigation() | acts.DecideMitigation():
                self._mitigate(act, by)
            case acts.ExplainFailure() | acts.UpdateProject():
                self._tell(act, by)

    def _set_up(self, act: acts.OpenRecord | acts.AdoptText | acts.Appoint, by: Act) -> None:
        ledger = self._store.ledger
        match act:
            case acts.OpenRecord():
                open_record(ledger=ledger, act=by, contract=act.contract)
            case acts.AdoptText():
                adopt_text(ledger=ledger, act=by, texts={name: self._texts[name] for name in act.files})
            case acts.Appoint():
                appoint_person(ledger=ledger, act=by, person=act.person, role=act.role, first=act.first, name=act.name)

    def _hand_in(self, act: acts.Submit | acts.Approve | acts.Accept, by: Act) -> None:
        ledger = self._store.ledger
        match act:
            case acts.Submit():
                entry = submit_file(
                    store=self._store,
                    text=self._text,
                    act=by,
                    table=act.table,
                    month=act.month,
                    file_name=act.file_name,
                    content=csv_of(table=act.table, month=act.month),
                    known=_day(act),
                )
                self._submitted[act.table, act.month] = entry.subject
            case acts.Approve():
                approve_submission(ledger=ledger, act=by, submission=self._submitted[act.table, act.month])
            case acts.Accept():
                accept_submission(ledger=ledger, act=by, submission=self._submitted[act.table, act.month])

    def _settle(self, act: acts.Sign | acts.Lock, by: Act) -> None:
        """Both signatures are on the same statement, so it is computed once."""
        ledger, month = self._store.ledger, act.month
        if isinstance(act, acts.Sign):
            entries = ledger.entries()
            opened = Opened(self._store, self._texts, self._text, self._followed, _day(act), entries)
            computed = compute(opened=opened, month=month, engine="duckdb", elsewhere={})
            self._signed[month] = (computed, len(entries))
            sign_statement(
                ledger=ledger,
                act=by,
                to_lock=month_to_lock(computed, month),
                statement=sealed_fingerprint(computed.month.sealed),
                known=_day(act),
                computed_on=len(entries),
            )
            return
        computed, computed_on = self._signed[month]
        to_lock = month_to_lock(computed, month)
        lock_month(ledger=ledger, act=by, to_lock=to_lock, sealed=computed.month.sealed, computed_on=computed_on)

    def _mitigate(self, act: acts.RequestMitigation | acts.DecideMitigation, by: Act) -> None:
        ledger = self._store.ledger
        if isinstance(act, acts.DecideMitigation):
            decide_mitigation(ledger=ledger, act=by, mitigation=act.mitigation, outcome=act.outcome, effect=act.effect)
            return
        entry = request_mitigation(
            ledger=ledger, act=by, kpi=act.kpi, ground=act.ground, first=str(act.first),
            last=str(act.last), review_on=act.review_on, plan=act.plan, kpis=self._kpis, grounds=self._grounds,
            term=self._term,
        )  # fmt: skip
        if entry.subject != act.mitigation:
            raise ValueError(f"the script calls {entry.subject} '{act.mitigation}'")

    def _tell(self, act: acts.ExplainFailure | acts.UpdateProject, by: Act) -> None:
        ledger = self._store.ledger
        if isinstance(act, acts.ExplainFailure):
            explain_failure(
                ledger=ledger, act=by, kpi=act.kpi, period=str(act.month), cause=act.cause,
                effect=act.effect, remedy=act.remedy, kpis=self._kpis,
            )  # fmt: skip
            return
        update_project(
            ledger=ledger, act=by, project=act.project, as_at=act.as_at, rag=act.rag, stage=act.stage,
            why=act.why, path_to_green=act.path_to_green, projects=tuple(self._followed.projects),
        )  # fmt: skip


def _day(act: acts.By) -> date:
    """The day of the act. The script stays within office hours, when the day is the same in London and in UTC."""
    return date.fromisoformat(act.at[:10])
