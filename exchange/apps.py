from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("Import and export")

    def ready(self):
        from exchange.permissions import create_permissions

        post_migrate.connect(create_permissions, dispatch_uid="exchange.permissions")
