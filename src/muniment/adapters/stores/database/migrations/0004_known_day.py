"""The day of asking of what is projected: what nobody did can change a figure too.

Rows from before have no day, and so are computed again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0003_pages")]

    operations = [
        migrations.AddField("projection", "known", models.DateField(null=True)),
        migrations.AddField("projection", "zone", models.TextField(default="")),
        migrations.AddField("projection", "is_scripted", models.BooleanField(default=False)),
    ]
