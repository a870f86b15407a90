"""Rows that were discarded from the record go from what pages keep as well: uploads, comparisons, files of rows."""

from pathlib import Path
from shutil import rmtree

from django.conf import settings

from muniment.domain.evidence.retention import discarded_before
from muniment.faces.desk.keeping_uploads import forget_file
from muniment.faces.desk.stores import InRegister, open_store
from muniment.faces.web.file_jobs import folder_of
from muniment.faces.web.models import Job, Upload

OF_ROWS = ("upload", "compare", "rows")
"""Kinds of job whose findings or files quote rows."""


def forget_discarded(contract: str) -> None:
    """Forget what is kept of the months whose rows were discarded. Another time it finds nothing more."""
    before = discarded_before(open_store(InRegister(contract, settings.REGISTER)).ledger.entries())
    if before is None:
        return
    for upload in Upload.objects.filter(contract=contract, month__lt=str(before)):
        forget_file(Path(upload.path))
        upload.delete()
    for job in Job.objects.filter(contract=contract, kind__in=OF_ROWS):
        if job.thing.rpartition("/")[2] < str(before):
            rmtree(folder_of(job), ignore_errors=True)
            job.delete()
