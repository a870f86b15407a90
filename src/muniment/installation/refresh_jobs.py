"""Computing a contract's figures again, after something was recorded or a day passed."""

from pathlib import Path
from shutil import rmtree

from django.conf import settings

from muniment.application.projections import recompute_projections
from muniment.application.read_models.jobs import RefreshFound
from muniment.application.stores import ContractInDatabase, open_store
from muniment.application.uploads import forget_file
from muniment.domain.evidence.retention import discarded_before
from muniment.installation.file_jobs import folder_of
from muniment.installation.jobs import StepReporter
from muniment.installation.models import Job, Upload

_OF_ROWS = ("upload", "compare", "rows")
"""Kinds of job whose findings or files quote rows."""


def forget_discarded(contract: str) -> None:
    """Forget what is kept of the months whose rows were discarded. Another time it finds nothing more."""
    before = discarded_before(open_store(ContractInDatabase(contract, settings.DATABASE_ADDRESS)).ledger.entries())
    if before is None:
        return
    for upload in Upload.objects.filter(contract=contract, month__lt=str(before)):
        forget_file(Path(upload.path))
        upload.delete()
    for job in Job.objects.filter(contract=contract, kind__in=_OF_ROWS):
        if job.thing.rpartition("/")[2] < str(before):
            rmtree(folder_of(job), ignore_errors=True)
            job.delete()


def work_refresh(job: Job, step: StepReporter) -> RefreshFound:
    """Compute the contract's projections from the record as it is now. What was discarded goes from here too."""
    step("Computing from the evidence")
    projected = recompute_projections(ContractInDatabase(job.contract, settings.DATABASE_ADDRESS))
    forget_discarded(job.contract)
    return RefreshFound(projected.seq, projected.head)
