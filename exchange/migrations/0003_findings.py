from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("exchange", "0002_coming_pictures"),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="accept_findings",
            field=models.BooleanField(default=False),
        ),
    ]
