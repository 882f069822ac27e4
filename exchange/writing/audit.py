"""What was imported, in the log that the admin shows as the history of a record."""

import json

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from chronology.languages import SOURCE
from exchange.writing import bulk

# Whose name stands in the log when a command was started without one.
COMMAND_USER = "import_records"


def user_of_commands():
    """The account that commands act as when no other is named: nobody can sign in with it."""
    model = get_user_model()
    user, created = model.objects.get_or_create(
        **{model.USERNAME_FIELD: COMMAND_USER}, defaults={"is_active": False}
    )
    if created:
        user.set_unusable_password()
        user.save()
    return user


def record(plan, pks, user):
    """A log entry for every record that the plan changed. ``pks``: {kind: {code: pk}}."""
    user = user or user_of_commands()
    now = timezone.now()
    meta = LogEntry._meta
    names = (
        "action_time", "user", "content_type", "object_id", "object_repr", "action_flag",
        "change_message",
    )  # fmt: skip
    fields = [meta.get_field(name) for name in names]
    moment = bulk.preparer(fields[0])(now)

    def rows():
        for part in plan.parts:
            kind = ContentType.objects.get_for_model(part.resource._meta.model).pk
            own, code_at = pks[part.kind], part.position["code"]
            added = json.dumps([{"added": {}}])
            for index in part.creates:
                code = part.rows[index][part.place["code"]]
                title = next(
                    (t for name in part.title_names if (t := part.new_text(index, name))), code
                )
                yield (moment, user.pk, kind, str(own[code]), title[:200], ADDITION, added)
            messages = {}
            for update in [*part.updates, *part.closes]:
                if update.changed not in messages:
                    labels = [part.all_columns[i].label(SOURCE) for i in update.changed]
                    messages[update.changed] = json.dumps([{"changed": {"fields": labels}}])
                yield (
                    moment,
                    user.pk,
                    kind,
                    str(update.pk),
                    part.title(update.new)[:200],
                    CHANGE,
                    messages[update.changed],
                )
            for pk, texts in part.deletes:
                title = part.title(texts)
                yield (moment, user.pk, kind, str(pk), title[:200], DELETION, texts[code_at])

    bulk.insert(LogEntry, fields, rows())
