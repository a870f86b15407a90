"""Re-performing a bundle: its statement computed again from its rows and text, and compared byte for byte."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from json import loads
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.adapters.bundles.bundle import Manifest, ManifestRows, unpack
from muniment.adapters.engines.standalone import ScriptError, run_script
from muniment.application.evidence import EngineName
from muniment.application.load import OpenedContract, open_contract
from muniment.application.recalculation import compute
from muniment.domain.assessment.sealed import sealed_bytes
from muniment.domain.assessment.sealed_differences import statement_differences
from muniment.domain.assessment.sealed_statement import SealedResult, SealedStatement, read_sealed
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.kernel.quantity import plain

_Object = dict[str, Json]
Ratio = tuple[str, str | None]
"""Numerator and denominator, as they are sealed."""


@dataclass(frozen=True)
class Reperformance:
    """`agreeing`: what agrees, in words. `differing`: what does not; empty where the bundle holds."""

    statement: str
    by: str
    agreeing: tuple[str, ...]
    differing: tuple[str, ...]
    by_sql: bool = False


def reperform(*, bundle: Path, engine: EngineName) -> Reperformance:
    """With the engine of that name. Raises ProblemsFoundError where the bundle is not whole."""
    with _unpacked(bundle) as (folder, manifest):
        contract = _contract_folder(folder, manifest)
        month = Month.parse(manifest.month)
        rows = _elsewhere(folder, manifest)
        sealed_as, opened = manifest.statement, _opened(contract, manifest)
        computed = compute(opened=opened, month=month, engine=engine, elsewhere=rows, sealed_as=sealed_as)
        agreeing = tuple(f"{count} {what}" for what, count in _counts(read_sealed(computed.month.sealed)))
        differing = tuple(_differing(folder, computed.month.sealed))
        return Reperformance(_named(manifest), f"the {engine} engine", () if differing else agreeing, differing)


def _differing(folder: Path, sealed: _Object) -> Iterator[str]:
    """Nothing where both expected files have the very bytes that were computed."""
    statement, results = (folder / f"expected/{name}.json" for name in ("statement", "results"))
    if statement.read_bytes() == sealed_bytes(sealed) and results.read_bytes() == canonical_json(sealed["results"]):
        return
    try:
        expected = read_sealed(loads(statement.read_bytes()))
    except (ValueError, RecursionError) as error:
        yield f"the expected statement cannot be read: {error}"
        return
    found = statement_differences(expected, read_sealed(sealed))
    yield from (str(difference) for difference in found)
    if not found:
        yield "the expected files: the same figures, and other words of working, titles or places"


def reperform_by_sql(*, bundle: Path) -> Reperformance:
    """With the bundle's own SQL over its files, and nothing of Muniment's in between."""
    with _unpacked(bundle) as (folder, manifest):
        agreeing, differing = [], []
        for result in _expected_results(folder):
            expected = _expected(result)
            if not expected:
                continue
            try:
                found = _by_sql(folder, result.kpi)
            except ScriptError as failed:
                differing.append(f"{result.kpi}: expected {_said(expected)}, its SQL cannot be run: {failed}")
                continue
            if found == expected:
                agreeing.append(f"{result.kpi}: {_said(found)}")
            else:
                differing.append(f"{result.kpi}: expected {_said(expected)}, the SQL gives {_said(found)}")
        return Reperformance(_named(manifest), "its SQL alone", tuple(agreeing), tuple(differing), by_sql=True)


def _expected_results(folder: Path) -> tuple[SealedResult, ...]:
    """Raises ProblemsFoundError where the bundle's results do not have their form."""
    name = "expected/results.json"
    try:
        return read_sealed({"results": loads((folder / name).read_bytes())}).results
    except ValueError as error:
        raise ProblemsFoundError([Problem(Place(name), "B001", str(error), "ask for the bundle again")]) from error


def _expected(result: SealedResult) -> tuple[Ratio, ...]:
    """As measured; and as relieved, where grants in part relieve. None where nothing was measured."""
    return tuple((each.numerator, each.denominator) for each in (result.measured, result.relieved) if each is not None)


def _by_sql(folder: Path, kpi: str) -> tuple[Ratio, ...]:
    """What the KPI's own script gives. Raises ScriptError."""
    try:
        script = (folder / f"sql/{kpi}.sql").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError("it is not in the bundle, or is no text") from error
    found = run_script(script=script, folder=folder)
    return tuple((plain(numerator), None if below is None else plain(below)) for numerator, below in found)


def _said(figures: tuple[Ratio, ...]) -> str:
    """19 / 40, and 18 / 38 relieved"""
    ratios = [numerator if below is None else f"{numerator} / {below}" for numerator, below in figures]
    return f"{ratios[0]}, and {ratios[1]} relieved" if len(ratios) == 2 else ", ".join(ratios) or "nothing"


def _named(manifest: Manifest) -> str:
    version = f"/v{manifest.version}" if manifest.version else " (not locked)"
    return f"{manifest.contract}/{manifest.month}{version}"


def _counts(sealed: SealedStatement) -> Iterator[tuple[str, int]]:
    yield "KPIs in force, each with status, category, chain and points", len(sealed.results)
    measured = sum(result.measured is not None for result in sealed.results)
    yield "measured values: numerator, denominator, exact value, rounded value, rows by disposition", measured
    yield "statement: points, credit and working", 1


@contextmanager
def _unpacked(bundle: Path) -> Iterator[tuple[Path, Manifest]]:
    if not bundle.is_file():
        raise ProblemsFoundError([Problem(Place(str(bundle)), "B000", "there is no such bundle", "name a .zip file")])
    with TemporaryDirectory(prefix="muniment-reperform-") as name:
        folder = Path(name)
        yield folder, unpack(path=bundle, into=folder)


def _contract_folder(unpacked: Path, manifest: Manifest) -> Path:
    """The bundle as a contract folder: its text, its proof as the ledger, its files of rows as blobs."""
    folder = unpacked / "contract"
    shutil.copytree(unpacked / "text", folder)
    shutil.copy(unpacked / "ledger/proof.jsonl", folder / "ledger.jsonl")
    for item in manifest.rows:
        target = place_of_rows(folder, item)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(unpacked / item.member, target)
    return folder


def place_of_rows(folder: Path, item: ManifestRows) -> Path:
    """Where a file of rows belongs: where it lay ready, else among the blobs. `item`: its line of the manifest, which
    nobody vouches for. Raises ProblemsFoundError where it would lie outside the folder."""
    digest, ready = item.sha256, f"evidence/{item.member.removeprefix('rows/')}"
    place = folder / (ready if item.submission == ready else f"blobs/{digest[:2]}/{digest}")
    if not place.resolve().is_relative_to(folder.resolve()):
        what = f"the file of rows '{item.submission}' would be written elsewhere"
        raise ProblemsFoundError([Problem(Place("manifest.json"), "B002", what, "do not trust this bundle")])
    return place


def _elsewhere(unpacked: Path, manifest: Manifest) -> dict[str, Path]:
    """Rows with pseudonyms are not the bytes that the ledger names, so they are read from the bundle's own folders."""
    if manifest.pseudonymised is None:
        return {}
    return {item.table: unpacked / "rows" / item.table for item in manifest.rows}


def _opened(folder: Path, manifest: Manifest) -> OpenedContract:
    """The folder as it was when the statement was computed: its entries up to then, known on the same day."""
    opened = open_contract(folder=folder, known=None)
    until = len(opened.entries) if manifest.computed_on is None else manifest.computed_on
    return replace(opened, entries=opened.entries[:until], known=manifest.known)
