"""The three groups of staff and their rights.

Permissions are usually made after all migrations (``post_migrate``); here they are made first, so
that a fresh database has working groups after one ``migrate``. Groups that exist are left as the
administrators have arranged them: rights are only added to a group when it is made.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

PUBLISHABLE = (
    "units.unit", "units.externalbody", "people.person", "history.event", "history.figure",
    "history.observance", "pages.page",
)  # fmt: skip
# Rows of a record: entered on its page, where the record's own state decides who may.
ROWS = (
    "units.datedname", "units.datedsuperior", "units.link", "people.post", "people.term",
    "history.participation",
)  # fmt: skip
# Vocabularies and sources have no drafts: what is changed here shows at once.
VOCABULARIES = ("units.unitkind", "history.era", "history.figuregroup")
SOURCES = ("sources.source",)

EDITOR = {
    **dict.fromkeys(PUBLISHABLE, ("view", "add", "change")),
    **dict.fromkeys(ROWS, ("view", "add", "change", "delete")),
    **dict.fromkeys(VOCABULARIES, ("view",)),
    **dict.fromkeys(SOURCES, ("view", "add")),
}
PUBLISHER = {
    **dict.fromkeys(PUBLISHABLE, ("view", "add", "change", "delete", "publish")),
    **dict.fromkeys(ROWS, ("view", "add", "change", "delete")),
    **dict.fromkeys(VOCABULARIES, ("view", "change")),
    **dict.fromkeys(SOURCES, ("view", "add", "change")),
}
ADMINISTRATOR = {
    **PUBLISHER,
    **dict.fromkeys((*VOCABULARIES, *SOURCES), ("view", "add", "change", "delete")),
}
GROUPS = {"editor": EDITOR, "publisher": PUBLISHER, "administrator": ADMINISTRATOR}


def create_groups(apps, schema_editor):
    """Makes the missing groups, with their permissions."""
    for label in ("sources", "units", "people", "history", "pages"):
        app_config = apps.get_app_config(label)
        # The historical apps have no models module; create_permissions asks for one.
        had_module = getattr(app_config, "models_module", None)
        app_config.models_module = had_module or True
        create_permissions(app_config, apps=apps, verbosity=0)
        app_config.models_module = had_module
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, rights in GROUPS.items():
        group, created = Group.objects.get_or_create(name=name)
        if not created:
            continue
        for label, actions in rights.items():
            app_label, model = label.split(".")
            codenames = [f"{action}_{model}" for action in actions]
            found = Permission.objects.filter(
                content_type__app_label=app_label, codename__in=codenames
            )
            group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sources", "0001_initial"),
        ("units", "0001_initial"),
        ("people", "0001_initial"),
        ("history", "0001_initial"),
        ("pages", "0001_initial"),
    ]

    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
