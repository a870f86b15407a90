"""Computing a contract's figures again, after something was recorded or a day passed."""

from django.conf import settings

from muniment.domain.kernel.fingerprint import Json
from muniment.faces.desk.projecting import rebuild
from muniment.faces.desk.stores import InRegister
from muniment.faces.web.jobs import Step
from muniment.faces.web.models import Job
from muniment.faces.web.retention import forget_discarded


def work_refresh(job: Job, step: Step) -> Json:
    """Compute the contract's projections from the record as it is now. What was discarded goes from here too."""
    step("Computing from the evidence")
    projected = rebuild(InRegister(job.contract, settings.REGISTER))
    forget_discarded(job.contract)
    return {"seq": projected.seq, "head": projected.head}
