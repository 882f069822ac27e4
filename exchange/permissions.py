"""Who may import and export. Rights of their own per kind, made for every registered kind.

``<app>.import_<model>``: bring in files of the kind. ``<app>.close_missing_<model>``: let a file
close or delete the records that it does not mention. Rights by sub-tree, which come later, have
their place in ``RecordResource.may_change``.
"""

from django.apps import apps as installed
from django.utils.translation import gettext_noop

from exchange.registry import kinds, resource_for

IMPORT = "import"
CLOSE_MISSING = "close_missing"

_NAMES = {
    IMPORT: gettext_noop("Can import %s"),
    CLOSE_MISSING: gettext_noop("Can close or delete %s that a file does not mention"),
}


def _holds(user, model, action):
    return (
        user is not None
        and user.is_active
        and user.is_staff
        and user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")
    )


def may_import(user, kind):
    """Whether ``user`` may import files of ``kind`` ("all": every kind)."""
    wanted = kinds() if kind == "all" else [kind]
    return all(_holds(user, resource_for(k)._meta.model, IMPORT) for k in wanted)


def may_close_missing(user, kind):
    """Whether ``user`` may let a file close or delete what it does not mention."""
    wanted = kinds() if kind == "all" else [kind]
    return all(_holds(user, resource_for(k)._meta.model, CLOSE_MISSING) for k in wanted)


def may_export(user, kind):
    """Whether ``user`` may export all records of ``kind``, drafts included."""
    wanted = kinds() if kind == "all" else [kind]
    return all(_holds(user, resource_for(k)._meta.model, "view") for k in wanted)


def create_permissions(sender, using, apps=installed, **kwargs):
    """A ``post_migrate`` receiver: the rights above, for the kinds of the migrated app."""
    try:
        permission = apps.get_model("auth", "Permission")
        content_type = apps.get_model("contenttypes", "ContentType")
    except LookupError:
        return
    for kind in kinds():
        model = resource_for(kind)._meta.model
        if model._meta.app_label != sender.label:
            continue
        owner, _created = content_type.objects.using(using).get_or_create(
            app_label=model._meta.app_label, model=model._meta.model_name
        )
        for action, name in _NAMES.items():
            permission.objects.using(using).get_or_create(
                content_type=owner,
                codename=f"{action}_{model._meta.model_name}",
                defaults={"name": name % model._meta.verbose_name_raw},
            )
