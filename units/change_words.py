"""What became of a changed name or superior, in sentences for editors."""

from django.utils.translation import gettext as _

from chronology import HistoricalDate
from chronology.display import display
from chronology.recorded import recorded
from units.changes import NAME, SUPERIOR, Meant


def outcome(fact, change, row):
    """What is kept, as a sentence. ``row``: the dated row that ``changed()`` gave, or None."""
    if change.meant is Meant.CORRECTION:
        return {
            NAME: _("The name was corrected; the former one is not kept."),
            SUPERIOR: _("The superior was corrected; the former one is not kept."),
        }[fact]
    if change.is_to_come:
        return _to_come(fact, row)
    end = recorded(row.end)
    if end is None or end.is_period:
        return {
            NAME: _("The former name is kept. On which day it changed is not known."),
            SUPERIOR: _("The former superior is kept. On which day it changed is not known."),
        }[fact]
    until = {"until": display(HistoricalDate(f"../{end}"))}
    return {
        NAME: _("The former name is kept %(until)s."),
        SUPERIOR: _("The former superior is kept %(until)s."),
    }[fact] % until


def _to_come(fact, row):
    words = {"date": display(row.begin)}
    if fact is NAME:
        words["name"] = row.name
        sentences = (
            _("The name changes to “%(name)s” on %(date)s. It is announced now."),
            _("The name changes to “%(name)s” on %(date)s. Only editors see it until then."),
        )
    elif row.parent is None:
        sentences = (
            _("The unit moves to the top on %(date)s. It is announced now."),
            _("The unit moves to the top on %(date)s. Only editors see it until then."),
        )
    else:
        words["superior"] = row.parent
        sentences = (
            _("The unit moves under “%(superior)s” on %(date)s. It is announced now."),
            _("The unit moves under “%(superior)s” on %(date)s. Only editors see it until then."),
        )
    return sentences[0 if row.announced else 1] % words
