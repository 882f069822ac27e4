from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("Import and export")

    def ready(self):
        from exchange.cells import cells_of
        from exchange.permissions import create_permissions
        from staff import versions

        post_migrate.connect(create_permissions, dispatch_uid="exchange.permissions")
        versions.register(cells_of)
