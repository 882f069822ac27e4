"""Rows of a record that may begin on a day to come: until then they are hidden, unless they are
announced. Who may edit the record sees them."""

from django.db.models import Q
from django.utils import timezone

from publishing.models import CodedQuerySet, may_edit


def begun_or_announced(today=None, path=""):
    """What the public may see of such rows ``today``, as a Q; ``path``: to the row."""
    today = today or timezone.localdate()
    begun = Q(**{f"{path}begin_earliest__isnull": True}) | Q(
        **{f"{path}begin_earliest__lte": today}
    )
    return begun | Q(**{f"{path}announced": True})


def is_hidden(row):
    """Whether the public may not know of a record yet: the same of one, of any model."""
    begin = getattr(row, "begin", None)
    is_to_come = bool(begin and begin.earliest and begin.earliest > timezone.localdate())
    return is_to_come and getattr(row, "announced", None) is False


class ToComeQuerySet(CodedQuerySet):
    """Rows with ``begin`` and ``announced``; ``model.told_with`` names the field that leads to the
    record which shows them."""

    def begun_or_announced(self, user):
        """Without those that ``user`` may not see before their day."""
        record = self.model._meta.get_field(self.model.told_with).related_model
        return self if may_edit(user, record) else self.filter(begun_or_announced())
