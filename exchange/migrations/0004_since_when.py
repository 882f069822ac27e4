from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("exchange", "0003_findings"),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="corrections",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="importjob",
            name="since",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="importjob",
            name="announce",
            field=models.BooleanField(default=False),
        ),
    ]
