from django.apps import AppConfig
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = _("Structure")

    def ready(self):
        from units import facts, turn_over  # noqa: F401 - they register what they offer
        from units.tree.guard import refuse_raw_save

        pre_save.connect(refuse_raw_save, sender="units.Unit")
        turn_over.connect()
