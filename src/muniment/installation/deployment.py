"""Checks a site before people rely on it: address, secrets, database, files, clock, worker, projections, backups."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import connections
from django.utils import timezone

from muniment.adapters.stores.database.models import LedgerEntry, StoredContract
from muniment.adapters.stores.database.pages import projection_basis
from muniment.application.stores import CLOCK_BEHIND_VARIABLE, short_path, system_clock
from muniment.domain.kernel.problem import Place, Problem
from muniment.installation.demonstrations import what_forbids_it
from muniment.installation.models import Job
from muniment.installation.viewer import DATABASE_ALIAS

_SAID_ALREADY = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
"""Django's words for 'not https', which is said once here."""
_DECIDED = frozenset({"security.W005", "security.W021"})
"""Strict transport security for subdomains and in browsers' own lists: both bind addresses that are not Muniment's."""
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
FAR_OFF = timedelta(seconds=5)
IDLE_WORKER = timedelta(minutes=5)
_SITE, _DATABASE = Place("the site"), Place("the database")


def deployment_problems() -> tuple[Problem, ...]:
    """All that is wrong; a warning is something to know. Raises the database's own errors."""
    found = [*_address(), *_secrets(), *_demonstration(), *_database(), *_files(), *_django(), *_clock(), *_work()]
    return (*found, *_projections(), _backups())


def _address() -> Iterator[Problem]:
    if not settings.IS_PUBLIC:
        what = "people do not reach the pages by https, so passwords can be read on the way"
        remedy = "put a proxy with a certificate before it, and set MUNIMENT_ADDRESS to https://..."
        yield Problem(_SITE, "D001", what, remedy)
    elif not (settings.IS_SECOND_FACTOR_REQUIRED or settings.IS_DEMO):
        what = "a password alone lets people in"
        yield Problem(_SITE, "D009", what, "take MUNIMENT_SECOND_FACTOR=optional away", "warning")


def _secrets() -> Iterator[Problem]:
    if not os.environ.get("MUNIMENT_SECRET_KEY"):
        what = "the key that sessions are signed with is kept in a file beside the database's files"
        remedy = "give it as MUNIMENT_SECRET_KEY, from where this machine keeps its secrets"
        yield Problem(_SITE, "D002", what, remedy, "warning")


def _demonstration() -> Iterator[Problem]:
    if settings.IS_DEMO or settings.IS_DEMO_ASKED:
        what = "this is a demonstration: anybody can sign in as anybody"
        yield Problem(_SITE, "D003", what, "take MUNIMENT_DEMO away")
        if (forbidden := what_forbids_it()) is not None:
            yield forbidden
    if int(os.environ.get(CLOCK_BEHIND_VARIABLE) or 0):
        what = f"the clock is set back by {os.environ[CLOCK_BEHIND_VARIABLE]} seconds"
        yield Problem(_SITE, "D004", what, f"take {CLOCK_BEHIND_VARIABLE} away: a record's times must be true")


def _database() -> Iterator[Problem]:
    connection = connections[DATABASE_ALIAS]
    if connection.vendor == "sqlite":
        what = "the database is a SQLite file: one writer at a time, on one machine"
        remedy = "that serves a small team; with more workers or machines, use PostgreSQL"
        yield Problem(_DATABASE, "D005", what, remedy, "warning")
        return
    with connection.cursor() as cursor:
        for name in _DURABLE:
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] == "off":
                what = f"PostgreSQL runs with {name} off: what was acknowledged can be lost when the machine stops"
                yield Problem(_DATABASE, "D006", what, f"set {name} = on")


def _files() -> Iterator[Problem]:
    folder = Path(settings.BLOBS_FOLDER)
    place = Place(short_path(folder))
    if not folder.is_dir():
        yield Problem(
            place, "D007", "the folder of the database's files is not there", "make it, for this account only"
        )
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Problem(place, "D007", "this account cannot write into the folder", "give it to this account")
    files = [folder]
    if connections[DATABASE_ALIAS].vendor == "sqlite":
        files.append(Path(connections[DATABASE_ALIAS].settings_dict["NAME"]))
    for path in files:
        mode = path.stat().st_mode
        if mode & stat.S_IWOTH:
            yield _open_to_others(path, "write", "error")
        elif mode & stat.S_IROTH:
            yield _open_to_others(path, "read", "warning")


def _open_to_others(path: Path, what: str, severity: Literal["error", "warning"]) -> Problem:
    said = f"every account of this machine can {what} here"
    return Problem(Place(short_path(path)), "D008", said, f"take that away: chmod o-rwx {short_path(path)}", severity)


def _django() -> Iterator[Problem]:
    """Django's own `check --deploy`."""
    for found in run_checks(include_deployment_checks=True):
        if found.id in _DECIDED or (found.id in _SAID_ALREADY and not settings.IS_PUBLIC):
            continue
        what = " ".join(found.msg.split()).rstrip(".")
        remedy = " ".join((found.hint or "see Django's list of system checks").split())
        severity: Literal["error", "warning"] = "error" if found.level >= ERROR else "warning"
        yield Problem(_SITE, "D010", f"Django says ({found.id}): {what}", remedy, severity)


def _clock() -> Iterator[Problem]:
    now = datetime.fromisoformat(system_clock().instant())
    if connections[DATABASE_ALIAS].vendor != "sqlite":
        with connections[DATABASE_ALIAS].cursor() as cursor:
            cursor.execute("SELECT now()")
            apart = abs(cursor.fetchone()[0] - timezone.now())
        if apart > FAR_OFF:
            what = f"the clocks of this machine and of the database are {apart.seconds} seconds apart"
            yield Problem(_SITE, "D011", what, "have both follow a time server")
    last = LedgerEntry.objects.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    if last is not None and datetime.fromisoformat(str(last)) - now > FAR_OFF:
        what = f"the record has an entry of {last}, which this machine's clock has not reached"
        yield Problem(_SITE, "D011", what, "set the clock of this machine, or of the one that wrote the entry")


def _work() -> Iterator[Problem]:
    since = timezone.now() - IDLE_WORKER
    waiting = Job.objects.filter(state=Job.WAITING, asked_at__lt=since).count()
    if waiting:
        what = f"{waiting} job{'s have' if waiting != 1 else ' has'} waited for more than five minutes"
        yield Problem(_SITE, "D012", what, "see that 'muniment serve' runs, or a worker of its own", "warning")


def _projections() -> Iterator[Problem]:
    for contract in StoredContract.objects.order_by("id"):
        stand = projection_basis(contract.id, using=DATABASE_ALIAS)
        if (stand.seq if stand else 0) < contract.verified_seq:
            shown = f"show entry {stand.seq}" if stand else "show nothing yet"
            what = f"the pages {shown}, and the record has {contract.verified_seq}"
            remedy = f"run 'muniment rebuild database:{contract.id}' if it stays so"
            yield Problem(Place(f"database:{contract.id}"), "D013", what, remedy, "warning")


def _backups() -> Problem:
    what = "whether backups are made, and whether one was ever restored, cannot be seen from here"
    remedy = "run 'muniment backup database: --all' by a timer, keep the file elsewhere, and restore one to try it"
    return Problem(_DATABASE, "D014", what, remedy, "warning")
