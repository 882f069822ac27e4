from django.apps import AppConfig, apps
from django.db.models.signals import post_delete, post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Publishing")

    def ready(self):
        from publishing import slug_triggers
        from publishing.models import Coded, retire_code

        for model in apps.get_models():
            if issubclass(model, Coded):
                post_delete.connect(retire_code, sender=model, dispatch_uid="retire_code")
        # Once a migrate: for this app, whose tables and receivers are the last ones needed.
        pre_migrate.connect(slug_triggers.drop, sender=self, dispatch_uid="slug_triggers.drop")
        post_migrate.connect(slug_triggers.create, sender=self, dispatch_uid="slug_triggers.create")
