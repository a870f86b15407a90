"""A program's upload counts whole or not at all."""

import json
from io import BytesIO
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler

from muniment.domain.kernel.period import Month
from muniment.installation.models import Upload
from tests.interfaces.api.conftest import V1, calling
from tests.interfaces.small_contract import visits
from tests.interfaces.web.conftest import SMALL_TEAM, Site

PREPARER = SMALL_TEAM[2]
TINY = "/contracts/tiny"
NAME = f"{TINY}/evidence/visits/2019-07/uploads"


def test_a_file_that_was_cut_off_on_its_way_is_refused_and_not_kept(site: Site) -> None:
    """A server hands on what came: the stream just ends before its announced length."""
    whole = visits(Month(2019, 7)).encode()
    came = whole[: whole.index(b"\n", 900) + 1]
    answered: list[str] = []

    def start(status: str, *others: object) -> None:
        answered.append(status)

    environ: dict[str, object] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": V1 + NAME,
        "QUERY_STRING": "file_name=visits.csv",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"Bearer {calling(site, PREPARER, scopes=['submit']).token}",
        "CONTENT_TYPE": "application/octet-stream",
        "CONTENT_LENGTH": str(len(whole)),
        "wsgi.input": BytesIO(came),
        "wsgi.url_scheme": "http",
    }
    answer = b"".join(WSGIHandler()(environ, start))  # type: ignore[arg-type]  # the least that a server hands over
    assert answered == ["400 Bad Request"]
    assert json.loads(answer)["detail"] == (
        f"The body was cut off on its way: of {len(whole):,} bytes that were announced {len(came):,} came: send it"
        " again. Nothing was kept."
    )
    assert not Upload.objects.exists()
    assert [*(site.address.files / "tiny" / "uploads").glob("*")] == []


def test_submitting_leaves_the_bytes_that_were_sent_in_the_record(site: Site) -> None:
    preparer = calling(site, PREPARER, scopes=["read", "submit"])
    content = visits(Month(2019, 7)).encode()
    taken = preparer.send("POST", f"{NAME}?file_name=visits.csv", body=content)
    site.work()
    upload = f"{TINY}/uploads/{taken.said['id']}"
    entry = preparer.post(f"{upload}/submit", {"reason": "The month is complete."}, key="once")
    payload = entry.object("payload")
    assert (entry.status, payload["rows"]) == (201, 40)
    assert payload["sha256"] == preparer.get(upload).object("look")["sha256"]
    kept = Path(Upload.objects.get().path).parent
    assert sorted(file.name for file in kept.iterdir()) == ["problems.csv", "sent"]
