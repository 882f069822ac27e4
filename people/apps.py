from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People and posts")

    def ready(self):
        from people import as_of, contradictions, first_public, life  # noqa: F401 - they register

        first_public.connect()
