from django.db import migrations, models

import open_data.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("token", models.CharField(default=open_data.models.new_token, max_length=32)),
            ],
            options={"default_permissions": ()},
        ),
    ]
