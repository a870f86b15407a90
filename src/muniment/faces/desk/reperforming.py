"""Re-performing a bundle: its statement computed again from its rows and text, and compared byte for byte."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from json import loads
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.adapters.engines.standalone import run_script
from muniment.adapters.publication.bundle import unpack
from muniment.domain.assessment.sealed import sealed_bytes
from muniment.domain.assessment.sealed_differences import differences
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.quantity import plain
from muniment.faces.desk.computing import compute
from muniment.faces.desk.evidence import EngineName
from muniment.faces.desk.opening import Opened, open_contract

Object = dict[str, Json]


@dataclass(frozen=True)
class Reperformed:
    """`agreeing`: what agrees, in words. `differing`: what does not; empty where the bundle holds."""

    statement: str
    by: str
    agreeing: tuple[str, ...]
    differing: tuple[str, ...]
    by_sql: bool = False


def reperform(*, bundle: Path, engine: EngineName) -> Reperformed:
    """With the engine of that name. Raises ProblemsFound where the bundle is not whole."""
    with _unpacked(bundle) as (folder, manifest):
        contract = _contract_folder(folder, manifest)
        month = Month.parse(str(manifest["month"]))
        rows = _elsewhere(folder, manifest)
        computed = compute(opened=_opened(contract, manifest), month=month, engine=engine, elsewhere=rows)
        agreeing = tuple(f"{count} {what}" for what, count in _counts(computed.month.sealed))
        differing = tuple(_differing(folder, computed.month.sealed))
        return Reperformed(_named(manifest), f"the {engine} engine", () if differing else agreeing, differing)


def _differing(folder: Path, sealed: Object) -> Iterator[str]:
    """Nothing where both expected files have the very bytes that were computed."""
    statement, results = (folder / f"expected/{name}.json" for name in ("statement", "results"))
    if statement.read_bytes() == sealed_bytes(sealed) and results.read_bytes() == canonical_json(sealed["results"]):
        return
    found = differences(loads(statement.read_bytes()), sealed)
    yield from (str(difference) for difference in found)
    if not found:
        yield "the expected files: the same figures, and other words of working, titles or places"


def reperform_by_sql(*, bundle: Path) -> Reperformed:
    """With the bundle's own SQL over its files, and nothing of Muniment's in between."""
    with _unpacked(bundle) as (folder, manifest):
        results = loads((folder / "expected/results.json").read_bytes())
        agreeing, differing = [], []
        for result in results:
            measured = result["measured"]
            if measured is None:
                continue
            expected = (measured["numerator"], measured["denominator"])
            script = (folder / f"sql/{result['kpi']}.sql").read_text(encoding="utf-8")
            numerator, denominator = run_script(script=script, folder=folder)
            found = (plain(numerator), None if denominator is None else plain(denominator))
            if found == expected:
                agreeing.append(f"{result['kpi']}: {_ratio(*found)}")
            else:
                differing.append(f"{result['kpi']}: expected {_ratio(*expected)}, the SQL gives {_ratio(*found)}")
        return Reperformed(_named(manifest), "its SQL alone", tuple(agreeing), tuple(differing), by_sql=True)


def _ratio(numerator: str, denominator: str | None) -> str:
    return numerator if denominator is None else f"{numerator} / {denominator}"


def _named(manifest: Object) -> str:
    version = f"/v{manifest['version']}" if manifest["version"] else " (not locked)"
    return f"{manifest['contract']}/{manifest['month']}{version}"


def _counts(sealed: Object) -> Iterator[tuple[str, int]]:
    results = sealed["results"]
    listed = results if isinstance(results, list) else []
    yield "KPIs in force, each with status, category, chain and points", len(listed)
    measured = sum(isinstance(result, dict) and result["measured"] is not None for result in listed)
    yield "measured values: numerator, denominator, exact value, rounded value, rows by disposition", measured
    yield "statement: points, credit and working", 1


@contextmanager
def _unpacked(bundle: Path) -> Iterator[tuple[Path, Object]]:
    with TemporaryDirectory(prefix="muniment-reperform-") as name:
        folder = Path(name)
        yield folder, unpack(path=bundle, into=folder)


def _contract_folder(unpacked: Path, manifest: Object) -> Path:
    """The bundle as a contract folder: its text, its proof as the ledger, its files of rows as blobs."""
    folder = unpacked / "contract"
    shutil.copytree(unpacked / "text", folder)
    shutil.copy(unpacked / "ledger/proof.jsonl", folder / "ledger.jsonl")
    for item in _rows(manifest):
        digest, member = str(item["sha256"]), unpacked / str(item["member"])
        if item["period"] is not None and not str(item["submission"]).startswith("evidence/"):
            target = folder / "blobs" / digest[:2] / digest
        else:
            target = folder / str(item["submission"])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(member, target)
    return folder


def _rows(manifest: Object) -> list[Object]:
    rows = manifest["rows"]
    return [item for item in rows if isinstance(item, dict)] if isinstance(rows, list) else []


def _elsewhere(unpacked: Path, manifest: Object) -> dict[str, Path]:
    """Rows with pseudonyms are not the bytes that the ledger names, so they are read from the bundle's own folders."""
    if manifest["pseudonymised"] is None:
        return {}
    return {str(item["table"]): unpacked / "rows" / str(item["table"]) for item in _rows(manifest)}


def _opened(folder: Path, manifest: Object) -> Opened:
    """The folder as it was when the statement was computed: its entries up to then, known on the same day."""
    known, computed_on = manifest["known"], manifest["computed_on"]
    opened = open_contract(folder=folder, known=None)
    until = computed_on if isinstance(computed_on, int) else len(opened.entries)
    day = date.fromisoformat(known) if isinstance(known, str) else None
    return replace(opened, entries=opened.entries[:until], known=day)
