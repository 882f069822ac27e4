from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class MiaSiteConfig(AppConfig):
    name = "mia_site"
    verbose_name = _("Addresses")
    default = True


class SiteAdminConfig(admin_apps.AdminConfig):
    """Django's admin app with the site's own admin site."""

    default = False
    default_site = "mia_site.admin_site.MinistryAdminSite"
