"""What a job says of why it failed is called its error."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("web", "0004_notice_agreements")]

    operations = [migrations.RenameField(model_name="job", old_name="wrong", new_name="error")]
