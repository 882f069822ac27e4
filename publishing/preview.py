"""What a record's publication state is called, and what staff are told on pages not yet public."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.models import Status, may_edit

SCHEDULED = "scheduled"

# The four states as editors see them: "scheduled" is published with a later moment.
STATES = {
    Status.DRAFT.value: Status.DRAFT.label,
    SCHEDULED: gettext_lazy("Scheduled"),
    Status.PUBLISHED.value: Status.PUBLISHED.label,
    Status.ARCHIVED.value: Status.ARCHIVED.label,
}


def state_of(record):
    """The key of the record's state in ``STATES``."""
    return SCHEDULED if record.is_scheduled else str(record.status)


def in_state(state, at=None):
    """Publishable rows in one of ``STATES``, as a Q."""
    at = at or timezone.now()
    if state == SCHEDULED:
        return Q(status=Status.PUBLISHED, publish_at__gt=at)
    if state == Status.PUBLISHED:
        return Q(status=Status.PUBLISHED) & (Q(publish_at__isnull=True) | Q(publish_at__lte=at))
    return Q(status=state)


def moment(at):
    """A moment in words: ``1 December 2026 10:00``, in the site's time zone."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M}"


@dataclass(frozen=True)
class Banner:
    """What stands above a page that only staff can see."""

    state: str
    text: str
    admin_url: str


def banner(record, user: Any):
    """The Banner for a page about ``record``, or None when the public sees it too."""
    if record is None or record.is_public or not may_edit(user, type(record)):
        return None
    state = state_of(record)
    text = {
        Status.DRAFT.value: _("Draft – not public. Only staff see this page."),
        SCHEDULED: _("Not public yet. It will be published on %(moment)s.")
        % {"moment": moment(record.publish_at) if record.publish_at else ""},
    }.get(state, _("Archived – not public. Only staff see this page."))
    opts = record._meta
    try:
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        url = ""
    return Banner(state, text, url)
