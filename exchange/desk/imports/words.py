"""What the pages call kinds, columns and acts."""

from django.apps import apps
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from exchange.registry import EVERYTHING, resource_for
from publishing.models import Publishable
from publishing.text import capitalised

ACTION_WORDS = {
    "create": pgettext_lazy("records of an import", "new"),
    "update": pgettext_lazy("records of an import", "changed"),
    "move": pgettext_lazy("records of an import", "moved"),
    "close": pgettext_lazy("records of an import", "closed"),
    "delete": pgettext_lazy("records of an import", "deleted"),
    "unchanged": pgettext_lazy("records of an import", "unchanged"),
    "missing": pgettext_lazy("records of an import", "not in the file, left alone"),
}


def kind_name(kind):
    """“Units” for "units", in the active language."""
    if kind == EVERYTHING:
        return _("Several kinds")
    name = resource_for(kind)._meta.model._meta.verbose_name_plural
    return capitalised(str(name), get_language())


def in_order(kinds, app_list):
    """Kinds as the start page arranges apps and records, rows of records last."""
    labels = [app["app_label"] for app in app_list]
    declared = list(apps.get_models())

    def place(kind):
        model = resource_for(kind)._meta.model
        label = model._meta.app_label
        app = labels.index(label) if label in labels else len(labels)
        return app, not issubclass(model, Publishable), declared.index(model)

    return sorted(kinds, key=place)


def column_of(kind, name):
    """The Column of a kept line, None where the site has lost it since."""
    try:
        return resource_for(kind).column(name)
    except KeyError:
        return None


def column_label(kind, name):
    column = column_of(kind, name)
    return capitalised(column.label(), get_language()) if column else name
