from django.db import migrations, models

from publishing.free_addresses import fill_empty


def give_addresses(apps, schema_editor):
    fill_empty(apps, "pages", "Page")


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial"), ("publishing", "0002_retired_slugs")]

    operations = [
        migrations.RunPython(give_addresses, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="page",
            name="slug",
            field=models.SlugField(
                blank=True, max_length=100, unique=True, verbose_name="address"
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                name="pages_page_has_address",
                violation_error_message="Every record has an address.",
            ),
        ),
    ]
