"""Who may import: publishers every kind; administrators may also let a file close and delete."""

from types import SimpleNamespace

from django.db import migrations

from exchange.permissions import CLOSE_MISSING, IMPORT, create_permissions

LABELS = ("sources", "units", "people", "history", "pages")
GROUPS = {"publisher": (IMPORT,), "administrator": (IMPORT, CLOSE_MISSING)}


def grant(apps, schema_editor):
    """Adds the rights to the groups that exist."""
    for label in LABELS:
        create_permissions(SimpleNamespace(label=label), schema_editor.connection.alias, apps)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, actions in GROUPS.items():
        for group in Group.objects.filter(name=name):
            for action in actions:
                group.permissions.add(
                    *Permission.objects.filter(
                        content_type__app_label__in=LABELS, codename__startswith=f"{action}_"
                    )
                )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_groups")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
