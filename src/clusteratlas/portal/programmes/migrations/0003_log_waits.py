"""A log waits until it is taken in as it was shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_register_file")]

    operations = [
        migrations.AddField(
            model_name="logfile",
            name="taken_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
