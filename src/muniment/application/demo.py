"""Makes the example contract: its text written out, its evidence generated, its record written through the commands.

Beside it, in to-upload/: the evidence of the month after the record, which a visitor can upload to play that month.
"""

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp

from muniment.adapters.stores.folder.store import FolderStore
from muniment.application.load import OpenedContract
from muniment.application.parsed_text import problems_of_text
from muniment.application.recalculation import ComputedStatement, compute
from muniment.application.statements import month_to_lock
from muniment.application.uploads import submit_file
from muniment.commands.contract_text import adopt_text
from muniment.commands.evidence import accept_submission, approve_submission
from muniment.commands.mitigation import decide_mitigation, request_mitigation
from muniment.commands.people import appoint_person
from muniment.commands.recording import open_record
from muniment.commands.reporting import explain_failure, update_project
from muniment.commands.statements import lock_month, sign_statement
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors
from muniment.domain.portfolio.text import BoardPortfolio
from muniment.domain.record.act import Act
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.regime.agreed import AgreedText
from muniment.example import acts
from muniment.example.generator import OPEN_MONTH, csv_of
from muniment.example.story import story
from muniment.example.to_upload import files_to_upload

_MARK = ".made-by-muniment-demo"
TO_UPLOAD = "to-upload"
SEED = "muniment example"
Progress = Callable[[str], None]


class ExampleRecorder:
    """A contract folder on which the script is played. `perform` raises what the commands raise."""

    def __init__(
        self, *, store: FolderStore, text: AgreedText, followed: BoardPortfolio, texts: Mapping[str, str]
    ) -> None:
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
        self._signed: dict[Month, tuple[ComputedStatement, int]] = {}

    def perform(self, act: acts.StoryAct) -> None:
        """Record one act. The clock stands at its time."""
        by = Act(actor=act.actor, on_behalf_of=act.on_behalf_of, reason=act.reason, on=_day(act))
        match act:
            case acts.OpenRecord() | acts.AdoptText() | acts.Appoint():
                self._set_up(act, by)
            case acts.Submit() | acts.Approve() | acts.Accept():
                self._hand_in(act, by)
            case acts.Sign() | acts.LockMonth():
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

    def _settle(self, act: acts.Sign | acts.LockMonth, by: Act) -> None:
        """Both signatures are on the same statement, so it is computed once."""
        ledger, month = self._store.ledger, act.month
        if isinstance(act, acts.Sign):
            entries = ledger.entries()
            opened = OpenedContract(self._store, self._texts, self._text, self._followed, _day(act), entries)
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


def _day(act: acts.ActDetails) -> date:
    """The day of the act. The script stays within office hours, when the day is the same in London and in UTC."""
    return date.fromisoformat(act.at[:10])


def make_example(*, into: Path, progress: Progress) -> None:
    """Make the example contract in that folder, whole or not at all. A folder made by an earlier demo is replaced.

    Raises ProblemsFoundError where the folder holds something else.
    """
    if into.exists() and not (into / _MARK).exists() and (not into.is_dir() or any(into.iterdir())):
        what = "the folder is there already, and is not a demo"
        raise ProblemsFoundError(
            [Problem(Place(str(into)), "F100", what, "choose another with --out, or move it away")]
        )
    into.parent.mkdir(parents=True, exist_ok=True)
    making = Path(mkdtemp(prefix=".muniment-demo-", dir=into.parent))
    try:
        _write_texts(making)
        _play(making, progress)
        _write_uploads(making / TO_UPLOAD / str(OPEN_MONTH))
        (making / _MARK).touch()
        if into.exists():
            shutil.rmtree(into)
        making.chmod(0o755)
        making.rename(into)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _write_texts(folder: Path) -> None:
    with_text = files("muniment.example") / "contract"
    for name in ("", "changes", "examples"):
        (folder / name).mkdir(exist_ok=True)
        for item in sorted((with_text / name).iterdir(), key=lambda item: item.name):
            if item.is_file():
                (folder / name / item.name).write_bytes(item.read_bytes())


def _write_uploads(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, content in files_to_upload():
        (folder / name).write_bytes(content)


def _play(folder: Path, progress: Progress) -> None:
    script = story()
    clock = ScriptedClock(script[0].at)
    store = FolderStore(folder, clock=clock, salts=ScriptedSalts(SEED))
    texts = store.read_texts()
    text, followed, problems = problems_of_text(texts)
    raise_if_errors(problems)
    if text is None:
        raise ProblemsFoundError(problems)
    stage = ExampleRecorder(store=store, text=text, followed=followed, texts=texts)
    for act in script:
        clock.move_to(act.at)
        stage.perform(act)
        if isinstance(act, acts.LockMonth):
            progress(f"{act.month.name}: evidence accepted, statement locked by two people")
