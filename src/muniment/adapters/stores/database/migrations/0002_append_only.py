"""What was recorded cannot be changed: triggers on the ledger, its texts and the agreed texts."""

from django.db import migrations

from muniment.adapters.stores.database import append_only


class Migration(migrations.Migration):
    dependencies = [("register", "0001_tables")]
    operations = [migrations.RunPython(append_only.create, append_only.remove)]
