"""Every page's address. Each capability keeps its own routes beside its views."""

from muniment.interfaces.web.pages import (
    account,
    challenges,
    contracts,
    evidence,
    jobs,
    kpis,
    mitigation,
    months,
    people,
    projects,
    reports,
    restatements,
    results,
    sign_in,
    signing,
    statements,
    submissions,
    uploads,
)
from muniment.interfaces.web.pages import agreed_text as texts
from muniment.interfaces.web.pages import audit_trail as trail
from muniment.interfaces.web.pages import comparisons as comparing

urlpatterns = [
    *contracts.routes,
    *months.routes,
    *kpis.routes,
    *reports.routes,
    *evidence.routes,
    *comparing.routes,
    *uploads.routes,
    *submissions.routes,
    *challenges.routes,
    *mitigation.routes,
    *results.routes,
    *statements.routes,
    *signing.routes,
    *restatements.routes,
    *projects.routes,
    *texts.routes,
    *people.routes,
    *trail.routes,
    *jobs.routes,
    *account.routes,
    *sign_in.routes,
]
