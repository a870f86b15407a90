"""Pages as they are shown, who holds which role, and the figures beside each result.

What is projected so far is emptied: it lacks the new columns, and a rebuild makes it again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            ["DELETE FROM register_monthresult", "DELETE FROM register_monthcount", "DELETE FROM register_projection"],
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract", models.TextField()),
                ("name", models.TextField()),
                ("content", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Appointed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contract", "appointment", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contract", models.TextField()),
                ("appointment", models.TextField()),
                ("person", models.TextField()),
                ("person_key", models.TextField()),
                ("role", models.TextField()),
                ("first", models.DateField()),
                ("last", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["person_key", "contract"], name="register_appointed_by_person")],
            },
        ),
        *(
            migrations.AddField("monthresult", name, models.TextField(default=""))
            for name in ("area", "unit", "number", "numerator", "denominator", "minimum", "base_points")
        ),
        *(
            migrations.AddField("monthresult", name, models.BooleanField(default=False))
            for name in ("is_mitigated", "is_disputed")
        ),
    ]
