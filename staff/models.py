"""Forms for a new record that have been sent: one form makes one record, however often it comes.

A second click, or a browser that sends a form again after a lost connection, must not make the
record twice.
"""

import re
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long a form is remembered; a browser may keep a page open overnight.
KEPT = timedelta(days=7)

_TOKEN = re.compile(r"[0-9a-f]{32}")


def new_token():
    """What a form for a new record carries."""
    return uuid.uuid4().hex


def is_token(text):
    return bool(_TOKEN.fullmatch(text))


class SentFormQuerySet(models.QuerySet):
    def claim(self, user, token):
        """The row of a form, locked until the transaction ends: the same form waits meanwhile."""
        now = timezone.now()
        self.filter(sent_at__lt=now - KEPT).delete()
        self.get_or_create(user=user, token=token)
        return self.select_for_update().get(user=user, token=token)


class SentForm(models.Model):
    """``object_id``: the record that was made; empty while the form has only been refused."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.CharField(max_length=32)
    object_id = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "token"], name="staff_sentform_once")
        ]

    def __str__(self):
        return self.token
