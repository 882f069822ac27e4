"""What holds on the admin's pages of every model, whichever app registers them."""

from django.contrib.admin import ModelAdmin

from publishing.unchanged import UnchangedRecordMixin


class RulesOfEveryModel(UnchangedRecordMixin):
    """Put before each ModelAdmin by ``MinistryAdminSite.register()``."""


def with_rules(admin_class):
    """``admin_class`` (None: Django's own) with the rules of every model before it."""
    admin_class = admin_class or ModelAdmin
    if issubclass(admin_class, RulesOfEveryModel):
        return admin_class
    names = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
    return type(admin_class.__name__, (RulesOfEveryModel, admin_class), names)
