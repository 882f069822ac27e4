from django.apps import AppConfig


class MiaSiteConfig(AppConfig):
    name = "mia_site"
