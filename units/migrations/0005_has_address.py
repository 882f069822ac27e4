from django.db import migrations, models

from publishing.free_addresses import fill_empty


def give_addresses(apps, schema_editor):
    fill_empty(apps, "units", "ExternalBody", "Unit")


class Migration(migrations.Migration):
    dependencies = [("units", "0004_what_counts_read"), ("publishing", "0002_retired_slugs")]

    operations = [
        migrations.RunPython(give_addresses, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="externalbody",
            name="slug",
            field=models.SlugField(
                blank=True, max_length=100, unique=True, verbose_name="address"
            ),
        ),
        migrations.AddConstraint(
            model_name="externalbody",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                name="units_externalbody_has_address",
                violation_error_message="Every record has an address.",
            ),
        ),
        migrations.AlterField(
            model_name="unit",
            name="slug",
            field=models.SlugField(
                blank=True, help_text="The last part of the web address. Filled in from the name.", max_length=100, unique=True, verbose_name="address"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                name="units_unit_has_address",
                violation_error_message="Every record has an address.",
            ),
        ),
    ]
