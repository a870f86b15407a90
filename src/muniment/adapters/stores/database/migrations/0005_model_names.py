"""Three models have other names; their tables keep the names that version 0.1 gave them.

What was projected speaks in former words: without a day of asking it is behind, and is computed again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

RENAMED = (
    ("Contract", "StoredContract", "register_contract"),
    ("AgreedText", "AgreedTextVersion", "register_agreedtext"),
    ("Appointed", "ProjectedAppointment", "register_appointed"),
)


def put_behind(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("register", "Projection").objects.using(editor.connection.alias).update(known=None)


class Migration(migrations.Migration):
    dependencies = [("register", "0004_known_day")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                operation
                for former, name, table in RENAMED
                for operation in (
                    migrations.RenameModel(former, name),
                    migrations.AlterModelTable(name, table),
                )
            ]
        ),
        migrations.RunPython(put_behind, migrations.RunPython.noop),
    ]
