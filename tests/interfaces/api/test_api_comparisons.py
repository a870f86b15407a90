"""Two submissions beside one another by the API: counted at once where they are small, and as a file by a job."""

import csv
import io

import pytest

from muniment.domain.kernel.fingerprint import Json
from muniment.installation import comparison_jobs
from tests.interfaces.api.conftest import calling
from tests.interfaces.web.conftest import SMALL_TEAM, Site

*_, AUDITOR = SMALL_TEAM
MAY = "/contracts/tiny/evidence/visits/2019-05"
BOTH: Json = {"earlier": "s1", "later": "s2"}


def test_two_submissions_are_compared_row_by_row(site: Site) -> None:
    auditor = calling(site, AUDITOR, scopes=["read"])
    said = auditor.get(f"{MAY}/comparison?earlier=s1&later=s2").said
    counts = {name: int(str(said[name])) for name in ("rows_before", "rows_after", "added", "gone", "changed", "same")}
    assert counts["same"] + counts["gone"] + counts["changed"] == counts["rows_before"]
    assert counts["same"] + counts["added"] + counts["changed"] == counts["rows_after"]
    assert counts["added"] + counts["gone"] + counts["changed"]
    asked = auditor.post(f"{MAY}/comparisons", BOTH)
    assert (asked.status, asked.said["title"]) == (202, "Comparing s2 with s1")
    site.work()
    job = f"/contracts/tiny/jobs/{asked.said['id']}"
    done = auditor.get(job).said
    assert (done["state"], done["files"]) == ("done", [{"name": "differences.csv", "what": "Every row that differs"}])
    file = auditor.get(f"{job}/files/differences.csv")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) - 1 == counts["added"] + counts["gone"] + counts["changed"]


def test_large_ones_are_compared_by_a_job_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    auditor = calling(site, AUDITOR)
    at_once = auditor.get(f"{MAY}/comparison?earlier=s1&later=s2").said
    monkeypatch.setattr(comparison_jobs, "AT_ONCE", 0)
    early = auditor.get(f"{MAY}/comparison?earlier=s1&later=s2")
    assert (early.status, early.said["rule"]) == (422, "compared")
    auditor.post(f"{MAY}/comparisons", BOTH)
    site.work()
    assert auditor.get(f"{MAY}/comparison?earlier=s2&later=s1").said == at_once


def test_one_that_is_not_there_or_is_the_same_is_not_compared(site: Site) -> None:
    auditor = calling(site, AUDITOR)
    assert auditor.get(f"{MAY}/comparison?earlier=s1&later=s9").status == 404
    same = auditor.get(f"{MAY}/comparison?earlier=s1&later=s1")
    assert (same.status, same.said["rule"]) == (422, "two_submissions")
    assert auditor.post(f"{MAY}/comparisons", {"earlier": "s1", "later": "s1"}).status == 422
    assert auditor.get(f"{MAY}/comparison?earlier=s1").status == 422
