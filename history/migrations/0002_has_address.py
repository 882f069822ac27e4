from django.db import migrations, models

from publishing.free_addresses import fill_empty


def give_addresses(apps, schema_editor):
    fill_empty(apps, "history", "Era", "Event")


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial"), ("publishing", "0002_retired_slugs")]

    operations = [
        migrations.RunPython(give_addresses, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="era",
            name="slug",
            field=models.SlugField(
                blank=True, max_length=100, unique=True, verbose_name="address"
            ),
        ),
        migrations.AddConstraint(
            model_name="era",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                name="history_era_has_address",
                violation_error_message="Every record has an address.",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="slug",
            field=models.SlugField(
                blank=True, max_length=100, unique=True, verbose_name="address"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                name="history_event_has_address",
                violation_error_message="Every record has an address.",
            ),
        ),
    ]
