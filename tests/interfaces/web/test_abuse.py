"""What people with bad intentions send: it is said what is wrong, nothing breaks, and nothing is recorded."""

import zipfile
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from xlsxwriter import Workbook

from muniment.adapters.stores.database.store import DatabaseStore
from muniment.application.stores import open_store
from muniment.installation.models import Account, NoticeDraft, Upload
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    DECIDER,
    MANAGER,
    OFFICER,
    PREPARER,
    SEEN,
    TEAM,
    TINY,
    VISITS,
    act,
    done,
    typed,
    upload,
    whole_team,
    words_in,
)

SCRIPT = "<script>alert(1)</script>"
EVIL = f"{SCRIPT}\"'><img src=x onerror=alert(2)>&lt;"


class _Elements(HTMLParser):
    """The scripts and images of a page, and the attributes that a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        runs = [name for name, value in attrs if name.startswith("on") or str(value).startswith("javascript:")]
        if runs or tag == "img" or (tag == "script" and "src" not in given):
            self.found.append(self.get_starttag_text() or tag)


def _run_by_a_browser(html: str) -> list[str]:
    parser = _Elements()
    parser.feed(html)
    return parser.found


def test_what_people_typed_is_shown_and_never_run(site: Site) -> None:
    """Names, reasons, questions, answers, rows, file names, notices: on every page that shows them."""
    whole_team(site)
    Account.objects.filter(actor=PREPARER.id).update(name=EVIL)
    sent = upload(site, PREPARER, visits(JUNE, late=7).replace("P-", EVIL), name=f"a{SCRIPT.replace('/', '')}.csv")
    act(site, PREPARER, f"{TINY}/uploads/{sent.id}/submit", reason=EVIL)
    bad = upload(site, PREPARER, visits(JUNE).replace("meeting", '<img src=x onerror="alert(3)">', 2), name="bad.csv")
    act(site, APPROVER, f"{VISITS}/s2/approve", reason=EVIL)
    act(site, OFFICER, f"{VISITS}/s2/challenge", question=EVIL, rows="", reason=EVIL)
    act(site, PREPARER, f"{VISITS}/q1/answer", answer=EVIL, reason=EVIL)
    act(site, PREPARER, f"{SEEN}/request-mitigation", ground="authority_act", last="2019-06", plan=EVIL, reason=EVIL)
    act(site, PREPARER, f"{SEEN}/explain-failure", cause=EVIL, effect=EVIL, remedy=EVIL, typed="1 = it\n2 = it")
    site.work()
    act(site, APPROVER, f"{SEEN}/dispute", supplier_value=f"1 {SCRIPT}", reason=EVIL)
    draft = NoticeDraft.objects.create(contract="tiny", path="changes/CCN-001.yaml", text=EVIL, proposed_by=PREPARER.id)
    site.work()
    pages = [
        "/", TINY, f"{TINY}/months/2019-06", SEEN, VISITS, f"{VISITS}/q1", f"{VISITS}/q1/close", f"{TINY}/mitigations",
        f"{TINY}/mitigations/SEEN/2019-06/g1", f"{TINY}/mitigations/SEEN/2019-06/g1/decide",
        f"{TINY}/statements/2019-06",
        f"{TINY}/audit-trail", f"{TINY}/audit-trail?about={SCRIPT}&kind={SCRIPT}&by={SCRIPT}", f"{TINY}/people",
        f"{TINY}/disputes/SEEN/2019-06/d1/resolve", f"{TINY}/text/proposed/{draft.id}",
        f"{TINY}/months/2019-06?show={SCRIPT}",
        f"{TINY}/months/2019-06?area={SCRIPT}",
    ]  # fmt: skip
    shown = 0
    for person in (MANAGER, DECIDER, OFFICER, AUDITOR):
        client = site.signed_in(person)
        for address in pages:
            html = client.get(address).content.decode()
            assert not _run_by_a_browser(html), address
            shown += "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    own = site.signed_in(PREPARER)
    for address in (f"{TINY}/uploads/{bad.id}", VISITS, "/account", "/"):
        html = own.get(address).content.decode()
        assert not _run_by_a_browser(html), address
        shown += "&lt;script&gt;" in html
    assert shown > 25, "the texts are there, as texts"


def test_a_titles_markup_is_text(site: Site) -> None:
    """Titles of KPIs come from a text that somebody else wrote."""
    store = open_store(site.where("tiny"))
    texts = dict(store.read_texts())
    texts["regime.yaml"] = texts["regime.yaml"].replace("Visitors never seen", f'"Never {SCRIPT}"')
    assert isinstance(store, DatabaseStore)
    store.write_texts(texts)
    act(site, APPROVER, f"{VISITS}/s1/approve")
    site.work()
    client = site.signed_in(MANAGER)
    for address in (
        f"{TINY}/months/2019-06",
        f"{TINY}/months/2019-06/kpis/LATE",
        f"{TINY}/text",
        f"{TINY}/text/files/regime.yaml",
    ):
        html = client.get(address).content.decode()
        assert not _run_by_a_browser(html), address
        if "/kpis/" in address:
            assert "Never &lt;script&gt;" in html


def _send(client: Client, name: str, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    return client.post(f"{VISITS}/upload", {"file": file, "control_rows": ""})  # type: ignore[return-value]  # the test client's own


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.csv",
        "..\\..\\boot.csv",
        "/etc/cron.d/job.csv",
        "C:\\x.csv",
        "a\r\nSet-Cookie: b=c.csv",
        ".csv",
        "\uff0e\u202evsc.csv",
    ],
)
def test_a_files_name_never_becomes_a_path(site: Site, name: str) -> None:
    """It is kept under a name of our own, below the folder of uploads; what it was called is only shown."""
    answer = _send(site.signed_in(PREPARER), name, visits(JUNE).encode())
    sent = Upload.objects.first()
    assert answer.status_code == (422 if sent is None else 303)
    if sent is None:
        assert "\r" in name, "such a name is read as none"
        return
    uploads = Path(settings.BLOBS_FOLDER) / "tiny" / "uploads"
    assert Path(sent.path).resolve() == (uploads / str(sent.id) / "sent").resolve()
    assert "/" not in sent.file_name
    assert "\\" not in sent.file_name
    assert "Set-Cookie" not in answer.headers or "b=c" not in str(answer.headers)


def test_the_files_of_a_job_are_those_that_it_names(site: Site) -> None:
    asked = site.signed_in(PREPARER).post(f"{VISITS}/rows").headers["Location"]
    site.work()
    client = site.signed_in(PREPARER)
    good = client.get(f"{asked}/rows.csv")
    assert good.status_code == 200
    assert good.headers["Content-Disposition"].startswith("attachment")
    good.close()
    for name in (
        "../rows.csv",
        "..%2f..%2fsecret-key",
        "%2e%2e%2fsecret-key",
        "secret-key",
        "report.html",
        "rows.csv%00",
    ):
        assert client.get(f"{asked}/{name}").status_code == 404, name


def test_texts_are_those_of_the_contract_and_no_other_files(site: Site) -> None:
    client = site.signed_in(MANAGER)
    for name in (
        "../ledger.jsonl",
        "..%2f..%2fregister.sqlite3",
        "/etc/passwd",
        "contract.yaml/../../secret-key",
        "changes",
    ):
        assert client.get(f"{TINY}/text/files/{name}").status_code == 404, name


@pytest.mark.parametrize("address", [
    "/contracts/..%2f..%2fetc", "/contracts/tiny/months/2019-13", "/contracts/tiny/months/9999-99",
    "/contracts/tiny/months/2019-06/kpis/..", "/contracts/tiny/evidence/visits/0000-00",
    "/contracts/tiny/statements/2019-06/v99999999999999999999", "/contracts/tiny/people/appointments/a1'--/delegate",
    "/contracts/tiny/audit-trail?page=-1&about=%00", "/contracts/tiny/audit-trail?page=1e9",
    "/contracts/tiny/kpis/%F0%9F%98%80",
    "/contracts/tiny/months/2019-06?show=%00&area=%FF",
])  # fmt: skip
def test_made_up_addresses_break_nothing(site: Site, address: str) -> None:
    assert site.signed_in(MANAGER).get(address).status_code in (200, 400, 403, 404)


def test_a_file_over_the_limit_is_refused_before_it_is_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UPLOAD_LIMIT", 1024)
    answer = _send(site.signed_in(PREPARER), "visits.csv", visits(JUNE).encode())
    assert answer.status_code == 422
    assert "The file is larger than" in words_in(answer)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(("name", "content", "says"), [
    ("visits.exe", b"MZ", "visits.exe is no CSV, XLSX or Parquet file"),
    ("visits.csv", b"", "The file is empty: choose another"),
])  # fmt: skip
def test_a_file_of_no_use_is_refused_at_the_form(site: Site, name: str, content: bytes, says: str) -> None:
    answer = _send(site.signed_in(PREPARER), name, content)
    assert answer.status_code == 422
    assert says in words_in(answer)
    assert not Upload.objects.exists()


def _bomb() -> bytes:
    """A spreadsheet of a few kilobytes that would become 300 MB."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b" " * 1024 * 1024)
    return out.getvalue()


def _workbook(cell: str) -> bytes:
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.add_worksheet("Visits").write_formula(0, 0, cell)
    book.close()
    return out.getvalue()


FILES = {
    "a bomb": ("visits.xlsx", _bomb),
    "no spreadsheet": ("visits.xlsx", lambda: b"PK\x03\x04" + bytes(100)),
    "a formula": ("visits.xlsx", lambda: _workbook("=HYPERLINK(1)")),
    "NUL": ("visits.csv", lambda: visits(JUNE).replace("delivery", "deli\0very").encode()),
    "no text": ("visits.csv", lambda: bytes(range(256)) * 40),
    "one long line": ("visits.csv", lambda: b"visit," * 2_000),
    "no Parquet": ("visits.parquet", lambda: b"PAR1" + bytes(64) + b"PAR1"),
    "open quotes": (
        "visits.csv",
        lambda: b'visit,came_at,seen_at,purpose,note\n"V1,2019-06-01 09:00:00,,meeting,\n' * 50,
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_hostile_file_costs_one_clear_message(site: Site, kind: str) -> None:
    """It is looked at by the worker, which goes on; its page says what is wrong; nothing can be submitted."""
    name, content = FILES[kind]
    before = done(site)
    sent = upload(site, PREPARER, content(), name=name)
    page = site.signed_in(PREPARER).get(f"{TINY}/uploads/{sent.id}")
    said = words_in(page)
    assert page.status_code == 200
    assert "cannot be taken" in said or "could not be looked at" in said
    assert "Go on to submit it" not in said
    assert "Something went wrong here" not in said, "a problem that nobody provided for"
    assert "Traceback" not in said
    refused = site.signed_in(PREPARER).post(f"{TINY}/uploads/{sent.id}/submit", typed(site))
    assert refused.status_code == 303
    assert refused.headers["Location"].endswith(str(sent.id)), "back to what is wrong"
    assert done(site) == before


@pytest.mark.parametrize("fields", [
    {"reason": ""}, {"reason": "x" * 2001}, {"key": ""}, {"key": "k" * 65}, {"seen": ""}, {"seen": "-1"},
    {"seen": "many"}, {"seen": "99999999999999999999"}, {"seen": "999"}, {"reason": "a\0b"},
    {"reason": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
])  # fmt: skip
def test_a_form_that_no_page_made_is_answered_and_recorded_at_most_as_it_stands(
    site: Site, fields: dict[str, str]
) -> None:
    before = done(site)
    answer = site.signed_in(APPROVER).post(f"{VISITS}/s1/approve", {**typed(site), **fields})
    if answer.status_code == 303:
        assert done(site)[-1].text("reason") == fields["reason"].strip()
    else:
        assert answer.status_code in (400, 409, 422)
        assert done(site) == before


def test_nobody_gives_themselves_a_role_or_a_side(site: Site) -> None:
    """Fields that a form does not have change nothing about who acts."""
    whole_team(site)
    extra = {"actor": ADMINISTRATOR.id, "on_behalf_of": "authority", "role": "administrator", "account": "1"}
    site.signed_in(APPROVER).post(f"{VISITS}/s1/approve", typed(site, **extra))
    assert (done(site)[-1].actor, done(site)[-1].on_behalf_of) == (APPROVER.id, "supplier")
    for person in TEAM:
        if person.role != "administrator":
            answer = site.signed_in(person).post(f"{TINY}/people/appoint", typed(site, **extra, email="a@b.example"))
            assert answer.status_code == 403, person.role
