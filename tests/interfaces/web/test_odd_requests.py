"""What no page sends: bodies cut off on their way, numbers of thirty digits, addresses of nothing. Each is refused in
words, and nothing is kept of it."""

from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from django.db import connection

from muniment.adapters.stores.database.pages import page
from muniment.application.projected import projection_form
from muniment.domain.kernel.period import Month
from muniment.installation.models import Upload
from muniment.interfaces.web.error_pages import whole_bodies
from tests.interfaces.small_contract import visits
from tests.interfaces.web.conftest import SMALL_TEAM, Site

MANAGER, PREPARER = SMALL_TEAM[0], SMALL_TEAM[2]
UPLOAD = "/contracts/tiny/evidence/visits/2019-07/upload"
THIRTY_DIGITS = "9" * 30
BOUNDARY = "parts"
CSRF = "a" * 32


def kept_files(site: Site) -> list[Path]:
    return [*(site.address.files / "tiny" / "uploads").glob("*")]


def sent_in_parts(content: str) -> bytes:
    """An upload form as a browser sends it, the file last."""
    fields = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{CSRF}\r\n'
    file = 'Content-Disposition: form-data; name="file"; filename="visits.csv"\r\nContent-Type: text/csv'
    return f"{fields}--{BOUNDARY}\r\n{file}\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n".encode()


def send(site: Site, body: bytes, *, announced: int) -> tuple[int, str]:
    """Post a form to the site as a server calls it: the stream just ends where the client went away."""
    client = site.signed_in(PREPARER)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    answered: list[str] = []

    def start(status: str, *others: object) -> None:
        answered.append(status)

    environ: dict[str, object] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": UPLOAD,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": "; ".join(f"{k}={v}" for k, v in {**cookies, settings.CSRF_COOKIE_NAME: CSRF}.items()),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "CONTENT_LENGTH": str(announced),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    site_itself = whole_bodies(get_wsgi_application())
    content = b"".join(site_itself(environ, start))  # type: ignore[arg-type]  # the least that a server hands over
    return int(answered[0].split()[0]), content.decode()


def test_a_form_that_was_cut_off_on_its_way_keeps_nothing(site: Site) -> None:
    whole = sent_in_parts(visits(Month(2019, 7)))
    status, said = send(site, whole[:-200], announced=len(whole))
    assert status == HTTPStatus.BAD_REQUEST
    assert f"of {len(whole):,} bytes that were announced {len(whole) - 200:,} came: send it again" in said
    assert (Upload.objects.count(), kept_files(site)) == (0, [])


def test_a_form_that_came_whole_is_kept(site: Site) -> None:
    whole = sent_in_parts(visits(Month(2019, 7)))
    assert send(site, whole, announced=len(whole))[0] == HTTPStatus.SEE_OTHER
    assert Upload.objects.get().size == len(visits(Month(2019, 7)).encode())


def test_a_stated_number_of_thirty_digits_is_no_number_of_rows(site: Site) -> None:
    file = SimpleUploadedFile("visits.csv", b"visit\n1\n")
    answer = site.signed_in(PREPARER).post(UPLOAD, {"file": file, "control_rows": THIRTY_DIGITS})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "less than or equal to 9007199254740992" in answer.content.decode()
    assert kept_files(site) == []


def test_nothing_is_kept_of_a_file_that_the_database_does_not_take(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**row: object) -> Upload:
        raise RuntimeError("the database takes no row")

    monkeypatch.setattr(Upload.objects, "create", full)
    client = site.signed_in(PREPARER)
    with pytest.raises(RuntimeError, match="takes no row"):
        client.post(UPLOAD, {"file": SimpleUploadedFile("visits.csv", b"visit\n1\n"), "control_rows": ""})
    assert kept_files(site) == []


def test_a_year_of_thirty_digits_is_no_day(site: Site) -> None:
    typed = {"first": "2019-06", "last": "2019-06", "meeting_day": "1", "meeting_month": "1"}
    answer = site.signed_in(MANAGER).post("/contracts/tiny/reports", {**typed, "meeting_year": THIRTY_DIGITS})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write a real day, such as 14 10 2019" in answer.content.decode()


@pytest.mark.parametrize("name", ["2019-06", "home", "%00", "2019-06%2FSEEN"])
def test_what_is_no_kpi_is_not_found(site: Site, name: str) -> None:
    assert site.signed_in(MANAGER).get(f"/contracts/tiny/kpis/{name}").status_code == HTTPStatus.NOT_FOUND


def test_no_database_is_asked_for_a_page_whose_name_it_cannot_hold(site: Site) -> None:
    """PostgreSQL takes no text with a NUL in it, not even to look for it."""

    def refuse(*asked: object) -> object:
        raise AssertionError(asked)

    with connection.execute_wrapper(refuse):
        assert page("tiny", "\0", form=projection_form(), using="default") is None


@pytest.mark.parametrize(("month", "status"), [("2019-03", 404), ("2019-04", 200), ("2020-03", 200), ("2020-04", 404)])
def test_mitigation_is_asked_for_in_a_month_of_the_contract(site: Site, month: str, status: int) -> None:
    address = f"/contracts/tiny/months/{month}/kpis/SEEN/request-mitigation"
    assert site.signed_in(PREPARER).get(address).status_code == status
