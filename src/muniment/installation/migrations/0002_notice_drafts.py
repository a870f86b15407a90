"""Change notices that are proposed."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0001_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("contract", models.TextField(db_index=True)),
                ("path", models.TextField()),
                ("text", models.TextField()),
                ("proposed_by", models.TextField()),
                ("proposed_at", models.DateTimeField(auto_now_add=True)),
                ("agreed_by", models.TextField(default="")),
                ("agreed_at", models.DateTimeField(null=True)),
                ("agreed_text_sha256", models.TextField(default="")),
                ("adopted_as", models.TextField(default="")),
                ("dropped", models.BooleanField(default=False)),
            ],
        ),
    ]
