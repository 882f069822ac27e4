"""Who keeps the addresses: publishers and administrators those of the former site; administrators
may also give a former address of a record free."""

from types import SimpleNamespace

from django.contrib.auth.management import create_permissions
from django.db import migrations

from exchange.permissions import CLOSE_MISSING, IMPORT
from exchange.permissions import create_permissions as create_import_permissions

KEPT = [f"{action}_legacyaddress" for action in ("view", "add", "change", "delete", IMPORT)]
GROUPS = {
    "publisher": [*KEPT, "view_retiredslug"],
    "administrator": [
        *KEPT, f"{CLOSE_MISSING}_legacyaddress", "view_retiredslug", "delete_retiredslug",
    ],
}  # fmt: skip


def grant(apps, schema_editor):
    """Adds the rights to the groups that exist."""
    using = schema_editor.connection.alias
    for label in ("addresses", "publishing"):
        app_config = apps.get_app_config(label)
        # The historical apps have no models module; create_permissions asks for one.
        had_module = getattr(app_config, "models_module", None)
        app_config.models_module = had_module or True
        create_permissions(app_config, apps=apps, verbosity=0, using=using)
        app_config.models_module = had_module
    create_import_permissions(SimpleNamespace(label="addresses"), using, apps)
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(
                *Permission.objects.filter(
                    codename__in=codenames, content_type__app_label__in=("addresses", "publishing")
                )
            )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_import_rights"),
        ("addresses", "0001_initial"),
        ("publishing", "0002_retired_slugs"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
