"""June 2019 of the small contract, taken through its life by the people of the pages, one act after the other.

`STEPS` are the states that pages are looked at in. Each acts through the pages, and so leaves what they leave.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from muniment.application.stores import open_store
from muniment.commands.people import appoint_person
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.example.cast import Person
from muniment.installation.models import Account, Job, Upload
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import SMALL_TEAM, Site
from tests.interfaces.web.conftest import _second_name as second_name

MANAGER, OFFICER, PREPARER, APPROVER, DECIDER, AUDITOR = SMALL_TEAM
FINANCE = Person("p-0000000006", "Other Finance", "finance", "authority")
AUTHOR = Person("p-0000000007", "Other Author", "report_author", "authority")
PROJECTS = Person("p-0000000008", "Other Projects", "project_office", "authority")
DEMOCRATIC = Person("p-0000000009", "Other Clerk", "democratic_services", "authority")
ADMINISTRATOR = Person("p-0000000010", "Other Administrator", "administrator", "authority")
SECOND_PREPARER = Person("p-0000000011", "Second Preparer", "supplier_preparer", "supplier")
LATER = (FINANCE, AUTHOR, PROJECTS, DEMOCRATIC, SECOND_PREPARER, ADMINISTRATOR)
"""Those who make the team whole: every role once, the preparer's twice."""
TEAM = (*SMALL_TEAM, *LATER)
TINY = "/contracts/tiny"
VISITS, PARCELS = f"{TINY}/evidence/visits/2019-06", f"{TINY}/evidence/parcels/2019-06"
SEEN = f"{TINY}/months/2019-06/kpis/SEEN"
NOTICE = """\
change: CCN-001
title: More visitors are to be seen
signed: 2019-12-20
effective: 2020-01-01
amend:
  - kpi: SEEN
    was: {target: at least 90%}
    set: {target: at least 92%}
"""


def whole_team(site: Site) -> None:
    """Appoint the people whom the small contract lacks, with an account each. A second time it does nothing."""
    if Account.objects.filter(actor=ADMINISTRATOR.id).exists():
        return
    ledger = open_store(site.where("tiny")).ledger
    for person in LATER:
        act = Act("p-1", "authority", f"{person.name} joins.")
        appoint_person(ledger=ledger, act=act, person=person.id, role=person.role, first="2020-01-01")
        Account.objects.create_user(f"{person.id}@example.org", name=person.name, actor=person.id)


def record(site: Site) -> tuple[Entry, ...]:
    return open_store(site.where("tiny")).ledger.entries()


def done(site: Site) -> tuple[Entry, ...]:
    """The record but for what was refused, which is written down too."""
    return tuple(entry for entry in record(site) if entry.kind != ActRefused.kind)


def typed(site: Site, *, key: str = "", **fields: str) -> dict[str, str]:
    """A form as somebody sends it who has just opened the page."""
    seen = len(record(site))
    return {"reason": "It is time.", "key": key or f"key-{seen}", "seen": str(seen), **fields}


def act(site: Site, person: Person, address: str, **fields: str) -> None:
    """Send the form of an act. It must be taken."""
    answer = site.signed_in(person).post(address, typed(site, **fields))
    assert answer.status_code == 303, (address, answer.status_code, errors_in(answer))


def shown_to(site: Site, person: Person, address: str) -> dict[str, str]:
    """What the form of a signature says that it showed; nothing where the form is another."""
    page = site.signed_in(person).get(address).content.decode()
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("statement", "figures")}
    return {name: match[1] for name, match in found.items() if match}


def settle(site: Site, person: Person, address: str, **fields: str) -> None:
    """Send the form of an act that the worker does, and have it done. It must be taken."""
    act(site, person, address, **shown_to(site, person, address), **fields)
    found = next(job for job in site.work() if job.kind == "act")
    assert found.state == Job.DONE, found.error


class Answer(Protocol):
    """What the test client gives."""

    @property
    def content(self) -> bytes: ...


def words_in(answer: Answer) -> str:
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def errors_in(answer: Answer) -> list[str]:
    """What the summary at the top of a form says is wrong."""
    summary = answer.content.decode().partition("govuk-error-summary__body")[2].partition("</form>")[0]
    return [text.strip() for text in re.findall(r"<(?:a|li)[^>]*>([^<]+)(?=<)", summary) if text.strip()]


def upload(
    site: Site, person: Person, content: str | bytes, *, address: str = VISITS, name: str = "visits.csv"
) -> Upload:
    """Send a file to be looked at, and have the worker look."""
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    answer = site.signed_in(person).post(f"{address}/upload", {"file": file, "control_rows": "40"})
    assert answer.status_code == 303, answer.status_code
    site.work()
    return Upload.objects.get(id=str(answer.headers["Location"]).rpartition("/")[2])


def _submit_again(site: Site) -> None:
    sent = upload(site, PREPARER, visits(JUNE, late=7))
    act(site, PREPARER, f"{TINY}/uploads/{sent.id}/submit")
    upload(site, PREPARER, visits(JUNE, late=8), name="later.csv")


def _approve(site: Site) -> None:
    act(site, APPROVER, f"{VISITS}/s2/approve")
    act(site, APPROVER, f"{PARCELS}/s1/approve")
    act(site, OFFICER, f"{PARCELS}/s1/accept")


def _challenge(site: Site) -> None:
    act(site, MANAGER, f"{VISITS}/s2/challenge", question="Why are there seven?", rows="")
    act(site, PREPARER, f"{SEEN}/request-mitigation", ground="authority_act", last="2019-06")
    site.work()
    act(site, APPROVER, f"{TINY}/months/2019-06/kpis/LATE/dispute", supplier_value="0 visitors")
    act(site, PREPARER, f"{SEEN}/explain-failure", cause="Too few chairs.", effect="People stood.", remedy="Chairs.")
    site.work()


def _answer(site: Site) -> None:
    act(site, PREPARER, f"{VISITS}/q1/answer", answer="A coach came.")


def _close(site: Site) -> None:
    act(site, OFFICER, f"{VISITS}/q1/close", outcome="withdrawn")
    act(site, OFFICER, f"{VISITS}/s2/accept", rejected="")


def _decide(site: Site) -> None:
    act(
        site, DECIDER, f"{TINY}/mitigations/SEEN/2019-06/g1/decide",
        outcome="granted_in_part", effect="no_points", days="2019-06-03", rows="",
    )  # fmt: skip
    act(site, DECIDER, f"{TINY}/disputes/LATE/2019-06/d1/resolve", outcome="not_upheld")
    site.work()


def _sign(site: Site) -> None:
    settle(site, MANAGER, f"{TINY}/statements/2019-06/sign")


def _lock(site: Site) -> None:
    settle(site, APPROVER, f"{TINY}/statements/2019-06/lock")


def _send_late(site: Site) -> None:
    sent = upload(site, PREPARER, visits(JUNE, late=20))
    act(site, PREPARER, f"{TINY}/uploads/{sent.id}/submit")
    act(site, APPROVER, f"{VISITS}/s3/approve")
    act(site, OFFICER, f"{VISITS}/s3/accept", rejected="")
    site.work()


def _propose(site: Site) -> None:
    settle(site, MANAGER, f"{TINY}/statements/2019-06/restate")


def _restate(site: Site) -> None:
    act(site, DECIDER, f"{TINY}/restatements/2019-06/r1/decide", outcome="approved")
    site.work()


STEPS: Mapping[str, Callable[[Site], None]] = {
    "submitted": _submit_again,
    "approved": _approve,
    "challenged": _challenge,
    "answered": _answer,
    "closed": _close,
    "decided": _decide,
    "signed": _sign,
    "locked": _lock,
    "changed_since_lock": _send_late,
    "proposed": _propose,
    "restated": _restate,
}
"""State of the month -> how it comes to it from the state before."""


_KEPT: dict[str, Path] = {}
"""State -> a copy of a database in it, so that a state is only brought about once for all tests of a process."""


def bring_to(site: Site, state: str) -> None:
    """Take June to that state, with the team whole. What was in the site's database before is gone."""
    names = [*STEPS][: [*STEPS].index(state) + 1]
    kept = [name for name in names if name in _KEPT]
    if kept:
        _restore(site, _KEPT[kept[-1]])
    else:
        whole_team(site)
    for name in names[len(kept) :]:
        STEPS[name](site)
        connections["default"].close()
        _KEPT[name] = Path(shutil.copytree(site.folder, site.folder.parent / f"june-{name}", copy_function=second_name))


def _restore(site: Site, kept: Path) -> None:
    connections["default"].close()
    shutil.rmtree(site.folder)
    shutil.copytree(kept, site.folder, copy_function=second_name)
    for sent in Upload.objects.all():
        sent.path = str(site.folder / Path(*Path(sent.path).parts[-5:]))
        sent.save(update_fields=["path"])
