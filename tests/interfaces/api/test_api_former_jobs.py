"""Jobs that version 0.1.0 left: it kept the address of each file, and another name of a command."""

from django.utils import timezone

from muniment.example.cast import AUDITOR, CONTRACT_MANAGER
from muniment.installation.file_jobs import folder_of
from muniment.installation.models import Job
from tests.interfaces.api.conftest import calling
from tests.interfaces.web.conftest import Site


def test_the_files_of_an_old_report_are_found_by_the_end_of_their_addresses(site: Site) -> None:
    job = Job.objects.create(
        account=site.account(AUDITOR), contract="cssc", thing="cssc", kind="report", title="The board report",
        state=Job.DONE, ended_at=timezone.now(),
    )  # fmt: skip
    job.found = {"files": [{"name": "The report as PDF", "href": f"/contracts/cssc/jobs/{job.id}/report.pdf"}]}
    job.save()
    folder_of(job).mkdir(parents=True)
    (folder_of(job) / "report.pdf").write_bytes(b"%PDF")
    auditor, address = calling(site, AUDITOR), f"/contracts/cssc/jobs/{job.id}"
    assert auditor.get(address).said["files"] == [{"name": "report.pdf", "what": "The report as PDF"}]
    assert auditor.get(f"{address}/files/report.pdf").content == b"%PDF"
    page = site.signed_in(AUDITOR).get(address).content.decode()
    assert f'href="{address}/report.pdf">The report as PDF</a>' in page


def test_an_old_job_that_kept_a_statement_is_one_that_confirmed_it(site: Site) -> None:
    job = Job.objects.create(
        account=site.account(CONTRACT_MANAGER), contract="cssc", thing="cssc/2019-09", kind="act", state=Job.DONE,
        title="Keeping the statement of September 2019", ended_at=timezone.now(),
        asked={
            "verb": "keep_statement", "month": "2019-09", "side": "authority", "seen": 1, "shown": None,
            "content": "c" * 64,
        },
        found={"entry": 1, "at": "2020-01-22T09:00:00Z"},
    )  # fmt: skip
    page = site.signed_in(CONTRACT_MANAGER).get(f"/contracts/cssc/jobs/{job.id}")
    assert page.status_code == 200
    assert "The statement of September 2019 is confirmed as it is" in page.content.decode()
