"""Making the example: its text written out, its evidence generated, its record written through the commands."""

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp

from muniment.adapters.folder.store import FolderStore
from muniment.commands.adopt_text import adopt_text
from muniment.commands.decide_mitigation import decide_mitigation
from muniment.commands.explain_failure import explain_failure
from muniment.commands.open_record import open_record
from muniment.commands.request_mitigation import request_mitigation
from muniment.commands.update_project import update_project
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, raise_if_errors
from muniment.domain.record.act import Act
from muniment.domain.record.scripted import ScriptedClock, ScriptedSalts
from muniment.domain.regime.agreed import AgreedText
from muniment.example import acts
from muniment.example.generator import csv_of
from muniment.example.story import story
from muniment.faces.desk.opening import problems_of_text
from muniment.faces.desk.submitting import submit_file

MARK = ".made-by-muniment-demo"
SEED = "muniment example"
Progress = Callable[[str], None]


def make_example(*, into: Path, progress: Progress) -> None:
    """Make the example contract in that folder, whole or not at all. A folder made by an earlier demo is replaced.

    Raises ProblemsFound where the folder holds something else.
    """
    if into.exists() and not (into / MARK).exists() and (not into.is_dir() or any(into.iterdir())):
        what = "the folder is there already, and is not a demo"
        raise ProblemsFound([Problem(Place(str(into)), "F100", what, "choose another with --out, or move it away")])
    into.parent.mkdir(parents=True, exist_ok=True)
    making = Path(mkdtemp(prefix=".muniment-demo-", dir=into.parent))
    try:
        _write_texts(making)
        _play(making, progress)
        (making / MARK).touch()
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


def _play(folder: Path, progress: Progress) -> None:
    script = story()
    clock = ScriptedClock(script[0].at)
    store = FolderStore(folder, clock=clock, salts=ScriptedSalts(SEED))
    texts = store.read_texts()
    text, followed, problems = problems_of_text(texts)
    raise_if_errors(problems)
    if text is None:
        raise ProblemsFound(problems)
    stage = Stage(store, text, tuple(followed.projects), texts)
    submissions = sum(isinstance(act, acts.Submit) for act in script)
    done = 0
    for act in script:
        clock.move_to(act.at)
        stage.perform(act)
        if isinstance(act, acts.Submit):
            done += 1
            if done % (submissions // 8) == 0:
                progress(f"{act.month.name}: evidence submitted")


class Stage:
    """Performs the acts of the script through the commands that a person would use."""

    def __init__(
        self, store: FolderStore, text: AgreedText, projects: tuple[str, ...], texts: Mapping[str, str]
    ) -> None:
        self._store = store
        self._text = text
        self._projects = projects
        self._texts = texts
        regime = text.regime_at(on=text.contract_text.term.last, known=None)
        signed = text.regime_at(on=text.contract_text.term.first, known=None)
        self._kpis = {*regime.kpis, *signed.kpis}
        self._grounds = tuple(regime.grounds)

    def perform(self, act: acts.StoryAct) -> None:
        """Record one act."""
        by = Act(actor=act.actor, on_behalf_of=act.on_behalf_of, reason=act.reason)
        ledger = self._store.ledger
        match act:
            case acts.OpenRecord():
                open_record(ledger=ledger, act=by, contract=act.contract)
            case acts.AdoptText():
                adopt_text(ledger=ledger, act=by, texts={name: self._texts[name] for name in act.files})
            case acts.Submit():
                submit_file(
                    store=self._store,
                    text=self._text,
                    act=by,
                    table=act.table,
                    month=act.month,
                    file_name=act.file_name,
                    content=csv_of(table=act.table, month=act.month),
                    known=date.fromisoformat(act.at[:10]),
                )
            case acts.RequestMitigation():
                self._request(act, by)
            case acts.DecideMitigation():
                decide_mitigation(
                    ledger=ledger, act=by, mitigation=act.mitigation, outcome=act.outcome, effect=act.effect
                )
            case acts.ExplainFailure():
                explain_failure(
                    ledger=ledger, act=by, kpi=act.kpi, period=str(act.month), cause=act.cause,
                    effect=act.effect, remedy=act.remedy, kpis=self._kpis,
                )  # fmt: skip
            case acts.UpdateProject():
                update_project(
                    ledger=ledger, act=by, project=act.project, as_at=act.as_at, rag=act.rag, stage=act.stage,
                    why=act.why, path_to_green=act.path_to_green, projects=self._projects,
                )  # fmt: skip

    def _request(self, act: acts.RequestMitigation, by: Act) -> None:
        entry = request_mitigation(
            ledger=self._store.ledger, act=by, kpi=act.kpi, ground=act.ground, first=str(act.first),
            last=str(act.last), review_on=act.review_on, plan=act.plan, kpis=self._kpis, grounds=self._grounds,
        )  # fmt: skip
        if entry.subject != act.mitigation:
            raise ValueError(f"the script calls {entry.subject} '{act.mitigation}'")
