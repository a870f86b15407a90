"""Writing and opening a bundle: one zip whose bytes depend on its content alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pydantic import TypeAdapter, ValidationError

from muniment.adapters.bundles.verify import FORMAT, MANIFEST, check_bundle
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError

_EPOCH = (1980, 1, 1, 0, 0, 0)
VERIFIER = Path(__file__).with_name("verify.py")
"""The stand-alone verifier: what checks a bundle here is the very file that lies in it."""


@dataclass(frozen=True)
class WrittenBundle:
    """`digest`: sha256 of manifest.json, which names every other member's."""

    path: Path
    digest: str
    members: int


@dataclass(frozen=True)
class ManifestRows:
    """A file of rows as the manifest names it. `submission`: its id, or where the file lay ready."""

    member: str
    table: str
    submission: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself. `version`: None where the statement is not locked. `statement`: its fingerprint.
    `computed_on`: on how many entries; None for all. `pseudonymised`: None where the rows are as they were
    submitted."""

    contract: str
    month: str
    version: int | None
    statement: str
    known: date | None
    computed_on: int | None
    rows: tuple[ManifestRows, ...]
    pseudonymised: Mapping[str, object] | None


def write_bundle(*, path: Path, members: Mapping[str, bytes], described: dict[str, Json]) -> WrittenBundle:
    """Write the bundle, whole or not at all. `described`: the manifest without its members."""
    digests: dict[str, Json] = {name: sha256(members[name]).hexdigest() for name in sorted(members)}
    manifest = canonical_json({"format": FORMAT, **described, "members": digests})
    partial = path.with_name(path.name + ".partial")
    try:
        with ZipFile(partial, "w", ZIP_DEFLATED, compresslevel=6) as archive:
            for name, content in sorted({**members, MANIFEST: manifest}.items()):
                member = ZipInfo(name, _EPOCH)
                member.compress_type = ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                member.create_system = 3  # else the same bundle differs between systems
                archive.writestr(member, content)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return WrittenBundle(path, sha256(manifest).hexdigest(), len(members))


def unpack(*, path: Path, into: Path) -> Manifest:
    """Check the bundle as verify.py does, unpack it into a folder, and give its manifest. Raises ProblemsFoundError."""
    checked = check_bundle(str(path), head=None, unvouched=True)
    if not checked.holds:
        remedy = "ask for the bundle again"
        raise ProblemsFoundError([Problem(Place(str(path)), "B001", fault, remedy) for fault in checked.faults])
    with ZipFile(path) as archive:
        archive.extractall(into)
        manifest = archive.read(MANIFEST)
    try:
        return TypeAdapter(Manifest).validate_json(manifest)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        fault = f"{MANIFEST} does not have its form: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise ProblemsFoundError([Problem(Place(str(path)), "B001", fault, "ask for the bundle again")]) from error
