"""That the supplier agreed to a notice stands in the record, and no more in this table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0003_long_acts"),
    ]

    operations = [
        migrations.RemoveField("noticedraft", "agreed_by"),
        migrations.RemoveField("noticedraft", "agreed_at"),
        migrations.RemoveField("noticedraft", "agreed_text_sha256"),
    ]
