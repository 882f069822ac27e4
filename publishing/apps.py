from django.apps import AppConfig, apps
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Publishing")

    def ready(self):
        from publishing.models import Coded, retire_code

        for model in apps.get_models():
            if issubclass(model, Coded):
                post_delete.connect(retire_code, sender=model, dispatch_uid="retire_code")
