"""A file may appoint what the public does not see yet; it hides nothing that the public sees."""

from django.utils import timezone

from exchange.problems import Refused
from publishing.models import HIDES_PUBLIC, Publishable, hides_public


def check_publication(part):
    """Refuse a later time for records that are public now; the same rule as in the model."""
    if not issubclass(part.model, Publishable):
        return
    now = timezone.now()
    status, schedule = part.position["status"], part.position["publish_at"]
    moment = part.all_columns[schedule].value
    for update in part.updates:
        if schedule not in update.changed:
            continue
        before, after = (
            (texts[status], moment(texts[schedule])) for texts in (update.old, update.new)
        )
        if hides_public(now, before, after):
            part.refuse(
                Refused("hides_public", HIDES_PUBLIC),
                update.index,
                "publish_at",
                update.new[schedule],
            )
