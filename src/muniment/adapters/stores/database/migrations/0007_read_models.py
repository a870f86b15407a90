"""Results and pages are kept as the read models' dumps, in a form with a number. What was kept before is of no form
that is read, and so is computed again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0006_waiting")]

    operations = [
        migrations.AddField("projection", "form", models.PositiveIntegerField(default=0)),
        migrations.DeleteModel("MonthResult"),
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
                ("content", models.TextField()),
            ],
        ),
    ]
