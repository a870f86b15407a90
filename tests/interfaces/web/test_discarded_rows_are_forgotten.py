"""What pages keep of rows, outside the record, goes when the rows of the record are discarded."""

from pathlib import Path

import pytest

from muniment.domain.kernel.period import Month
from muniment.installation import refresh_jobs
from muniment.installation.jobs import ask_refresh
from muniment.installation.models import Job, Upload
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import MANAGER, PREPARER, TINY, VISITS, upload, whole_team

JULY = Month(2019, 7)
JULY_VISITS = f"{TINY}/evidence/visits/2019-07"


def test_uploads_and_files_of_discarded_months_are_forgotten(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_team(site)
    site.signed_in(MANAGER).post(f"{VISITS}/rows")
    old = upload(site, PREPARER, visits(JUNE, late=3))
    new = upload(site, PREPARER, visits(JULY, late=3), address=JULY_VISITS)
    made = Job.objects.filter(thing="tiny/visits/2019-06", kind="rows").count()
    assert (made, Path(old.path).exists()) == (1, True)
    monkeypatch.setattr(refresh_jobs, "discarded_before", lambda _: JULY)
    ask_refresh("tiny")
    site.work()
    assert [kept.id for kept in Upload.objects.all()] == [new.id]
    assert (Path(old.path).parent.exists(), Path(new.path).exists()) == (False, True)
    assert not Job.objects.filter(thing="tiny/visits/2019-06").exists()
