"""What waits in each contract, kept beside its projections. The worker fills it; until then pages say that it is yet to
come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0005_model_names")]

    operations = [
        migrations.CreateModel(
            name="WaitingProjection",
            fields=[
                ("contract", models.TextField(primary_key=True, serialize=False)),
                ("form", models.PositiveIntegerField()),
                ("seq", models.PositiveBigIntegerField()),
                ("known", models.DateField()),
                ("title", models.TextField()),
                ("content", models.TextField()),
            ],
            options={"db_table": "register_waiting"},
        ),
    ]
