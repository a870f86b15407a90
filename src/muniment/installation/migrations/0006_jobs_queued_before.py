"""Jobs that were queued under version 0.1's name of the function that does them are done under its present name."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FORMER, PRESENT = "muniment.faces.web.jobs.run_job", "muniment.installation.jobs.run_job"


def rename(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    queued = apps.get_model("django_tasks_database", "DBTaskResult").objects.using(editor.connection.alias)
    queued.filter(task_path=FORMER).update(task_path=PRESENT)


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0005_job_error"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
