from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class MiaSiteConfig(AppConfig):
    name = "mia_site"
    verbose_name = "Site"
    default = True


class SiteAdminConfig(admin_apps.AdminConfig):
    """Django's admin app with the site's own admin site."""

    default = False
    default_site = "mia_site.admin_site.MinistryAdminSite"
