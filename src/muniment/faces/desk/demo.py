"""Making the example: its text written out, its evidence generated, its record written through the commands.

Beside it, in to-upload/: the evidence of the month after the record, which a visitor can upload to play that month.
"""

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp

from muniment.adapters.folder.store import FolderStore
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, raise_if_errors
from muniment.domain.record.scripted import ScriptedClock, ScriptedSalts
from muniment.example import acts
from muniment.example.generator import OPEN_MONTH
from muniment.example.story import story
from muniment.example.to_upload import files_to_upload
from muniment.faces.desk.opening import problems_of_text
from muniment.faces.desk.staging import Stage

MARK = ".made-by-muniment-demo"
TO_UPLOAD = "to-upload"
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
        _write_uploads(making / TO_UPLOAD / str(OPEN_MONTH))
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
        raise ProblemsFound(problems)
    stage = Stage(store=store, text=text, followed=followed, texts=texts)
    for act in script:
        clock.move_to(act.at)
        stage.perform(act)
        if isinstance(act, acts.Lock):
            progress(f"{act.month.name}: evidence accepted, statement locked by two people")
