"""Jobs that are acts, and jobs whose worker stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0002_notice_drafts"),
    ]

    operations = [
        migrations.AddField("job", "key", models.TextField(default="")),
        migrations.AddField("job", "typed", models.TextField(default="")),
        migrations.AddField("job", "attempt", models.TextField(default="")),
        migrations.AddField("job", "alive_at", models.DateTimeField(null=True)),
        migrations.AddField("job", "tries", models.PositiveIntegerField(default=0)),
        migrations.AddConstraint(
            "job",
            models.UniqueConstraint(
                fields=["account", "contract", "key"], condition=~models.Q(key=""), name="web_job_once"
            ),
        ),
    ]
