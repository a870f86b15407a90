"""The tables of the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AgreedFile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract", "path", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract", models.TextField()),
                ("path", models.TextField()),
                ("position", models.PositiveIntegerField()),
                ("sha256", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="AgreedText",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract", "sha256", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract", models.TextField()),
                ("sha256", models.TextField()),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("authority", models.TextField(default="")),
                ("verified_seq", models.PositiveBigIntegerField(default=0)),
                ("verified_hash", models.TextField(default="")),
                ("erasures", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="LedgerText",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract", "seq", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract", models.TextField()),
                ("seq", models.PositiveBigIntegerField()),
                ("name", models.TextField()),
                ("salt", models.TextField()),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="MonthResult",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract", "month", "kpi", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract", models.TextField()),
                ("month", models.TextField()),
                ("kpi", models.TextField()),
                ("position", models.PositiveIntegerField()),
                ("title", models.TextField()),
                ("status", models.TextField()),
                ("category", models.TextField()),
                ("value", models.TextField()),
                ("target", models.TextField()),
                ("points", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Projection",
            fields=[
                ("contract", models.TextField(primary_key=True, serialize=False)),
                ("seq", models.PositiveBigIntegerField()),
                ("head", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract", models.TextField()),
                ("seq", models.PositiveBigIntegerField()),
                ("kind", models.TextField()),
                ("subject", models.TextField()),
                ("actor", models.TextField()),
                ("recorded_at", models.TextField()),
                ("key_sha256", models.TextField(null=True)),
                ("previous", models.TextField(null=True)),
                ("hash", models.TextField()),
                ("content", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "key_sha256"), name="register_one_effect_per_key"),
                    models.UniqueConstraint(fields=("hash",), name="register_one_entry_per_hash"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract", "month", "category", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract", models.TextField()),
                ("month", models.TextField()),
                ("category", models.TextField()),
                ("kpis", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["month", "category"], name="register_counts_by_month")],
            },
        ),
    ]
