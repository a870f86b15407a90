"""Of one contract at most one computation of its figures waits, and at most one is under way."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

WAITS = models.UniqueConstraint(
    fields=["contract"], condition=models.Q(kind="refresh", state="waiting"), name="web_one_refresh_waits"
)
RUNS = models.UniqueConstraint(
    fields=["contract"], condition=models.Q(kind="refresh", state="running"), name="web_one_refresh_runs"
)


def merge(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Of several, the one that was asked for last stays: it does the work of the others. Figures that are behind are
    computed again by the worker in any case."""
    jobs = apps.get_model("web", "Job").objects.using(editor.connection.alias)
    for state in ("waiting", "running"):
        seen = set()
        for job in jobs.filter(kind="refresh", state=state).order_by("-asked_at", "id"):
            if job.contract in seen:
                jobs.filter(id=job.id).update(state="done")
            seen.add(job.contract)


class Migration(migrations.Migration):
    dependencies = [("web", "0006_jobs_queued_before")]
    operations = [
        migrations.RunPython(merge, migrations.RunPython.noop),
        migrations.AddConstraint("job", WAITS),
        migrations.AddConstraint("job", RUNS),
    ]
