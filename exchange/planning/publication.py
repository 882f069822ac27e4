"""A file may appoint what the public does not see yet; it hides nothing that the public sees."""

from django.utils import timezone

from exchange.problems import Refused
from publishing.models import HIDES_PUBLIC, Publishable, hides_public


class PublicationRules:
    """Part of KindPlan."""

    def _publication(self):
        """Refuse a later time for records that are public now; the same rule as in the model."""
        if not issubclass(self.resource._meta.model, Publishable):
            return
        now = timezone.now()
        status, schedule = self.position["status"], self.position["publish_at"]
        moment = self.all_columns[schedule].value
        for update in self.updates:
            if schedule not in update.changed:
                continue
            before, after = (
                (texts[status], moment(texts[schedule])) for texts in (update.old, update.new)
            )
            if hides_public(now, before, after):
                self.refuse(
                    Refused("hides_public", HIDES_PUBLIC),
                    update.index,
                    "publish_at",
                    update.new[schedule],
                )
