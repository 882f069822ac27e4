"""Rows to come take effect: on their day, at midnight in the time zone of the site.

What stood on the row of the unit becomes a dated row that ends on the day, the row to come is
written into the unit with since = that day and is gone. So every page of an earlier date says what
it said before, and the page of today what it said a second before, when it was answered from the
rows that were due (``units.due``).

The row of a unit has no place for the source of its present name or superior. So the sources of a
row that takes effect go to the dated row of the old value, as the act that ended it; they stand
with the new value, too, where that has become a dated row at the same time.
"""

import json
import logging
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router, transaction
from django.db.models import Max
from django.db.models.signals import post_save
from django.dispatch import Signal
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chronology.display import display
from exchange.registry import resource_for
from exchange.signals import applied
from exchange.writing import bulk, locking, statistics
from exchange.writing.audit import user_of_commands
from publishing.models import RetiredCode
from units import due, tree
from units.changes import FACTS, NAME, SUPERIOR
from units.facts import batches
from units.models import Unit

log = logging.getLogger(__name__)

# Sent inside the transaction, after everything is written; ``units``: the ids of those that
# changed. Bulk writes send no post_save. A receiver may return the models that it has written.
turned_over = Signal()

KINDS = ("units", "dated_names", "dated_superiors")
_LARGEST_ORDER = 2_147_483_647  # what a PositiveIntegerField holds
_BATCH = 500


@dataclass
class Report:
    """What was done: how many rows took effect, of how many units; ``left``: ``[(code of a row,
    sentence)]`` of those that cannot take effect."""

    rows: int = 0
    units: int = 0
    left: list = field(default_factory=list)


def turn_over(today=None):
    """Let every row to come whose day is ``today`` or earlier take effect. Returns a Report.

    One transaction under the locks of the three tables: all of it or nothing, and once, however
    many processes do it at the same time. Linear in the number of units. A row that cannot take
    effect stays as a dated row that says nothing of today, is reported, and is not tried again
    until it is saved. Raises exchange.Busy where others are writing for too long.
    """
    today = today or timezone.localdate()
    if not due.any_due(today):
        return Report()
    with locking.writing(KINDS), translation.override(settings.LANGUAGE_CODE):
        act = _Act(today)
        act.read()
        act.refuse_cycles()
        act.write()
        report = act.report()
    for code, sentence in report.left:
        log.warning("does not take effect: %s: %s", code, sentence)
    log.info("turned over: rows=%s units=%s left=%s", report.rows, report.units, len(report.left))
    return report


class _Act:
    def __init__(self, today):
        self.today, self.now = today, timezone.now()
        self.units = {}
        # {fact: {unit id: due rows}}, {fact: {unit id: due.TurnedOver}}
        self.rows, self.turned = {}, {}
        self.left = []

    def read(self):
        self.rows = {fact: due.rows_due(fact, self.today) for fact in FACTS}
        ids = sorted(set().union(*self.rows.values()))
        for some in batches(ids, _BATCH):
            self.units.update(models.QuerySet(Unit).in_bulk(some))
        for fact, by_unit in self.rows.items():
            self.turned[fact] = {
                pk: due.turned_over(fact, self.units[pk], rows, self.today)
                for pk, rows in by_unit.items()
            }

    def refuse_cycles(self):
        """Leave out, of each cycle that the moves would close, the move that takes effect last.

        Moves are looked at together: two units may change places on one day.
        """
        moves = self.turned[SUPERIOR]
        if not any(move.done for move in moves.values()):
            return
        above = dict(models.QuerySet(Unit).order_by().values_list("pk", "parent_id"))
        above |= {pk: move.values["parent_id"] for pk, move in moves.items()}
        safe = {None}
        for start in moves:
            while cycle := _cycle(start, above, safe):
                last = max(
                    (pk for pk in cycle if pk in moves and moves[pk].done),
                    key=lambda pk: (moves[pk].done[-1].takes_effect, moves[pk].done[-1].pk),
                )
                row = moves[last].done[-1]
                sentence = _("The unit would stand below itself.")
                rest = [one for one in moves[last].done if one is not row]
                left = [*moves[last].left, (row, sentence)]
                moves[last] = due.turned_over(SUPERIOR, self.units[last], rest, self.today)
                moves[last].left = left
                above[last] = moves[last].values["parent_id"]

    def write(self):
        self._change_units()
        for fact, found in self.turned.items():
            self._dated_rows(fact, found.values())
            self._leave(fact, found.values())
        if any(move.done for move in self.turned[SUPERIOR].values()):
            tree.renumber()
        changed = [pk for pk in self.units if any(self._of(fact, pk) for fact in FACTS)]
        self._log()
        answers = turned_over.send(sender=None, units=changed)
        derived = set().union(*(found or () for _receiver, found in answers))
        written = {Unit, LogEntry, RetiredCode, *(fact.model for fact in FACTS)} | derived
        statistics.refresh_after(len(changed), written)

    def report(self):
        every = [one for found in self.turned.values() for one in found.values()]
        return Report(
            sum(len(one.done) for one in every),
            sum(any(self._of(fact, pk) for fact in FACTS) for pk in self.units),
            [(row.code, sentence) for one in every for row, sentence in one.left],
        )

    def _of(self, fact, pk):
        """The TurnedOver fact of the unit, or None where nothing of it changes."""
        found = self.turned[fact].get(pk)
        return found if found and found.done else None

    def _change_units(self):
        places = self._places()
        by_name = {one.name: one for one in Unit._meta.concrete_fields}

        def changes():
            for pk, unit in self.units.items():
                names = {"updated_at"}
                for fact in FACTS:
                    if found := self._of(fact, pk):
                        for name, value in found.values.items():
                            setattr(unit, name, value)
                            names.add(name.removesuffix("_id"))
                        setattr(unit, fact.since, found.since)
                        names |= Unit._meta.get_field(fact.since).bounds_columns(None).keys()
                if len(names) == 1:
                    continue
                if self._of(NAME, pk):
                    names |= _repeat_translations(unit) | {"search_text"}
                if pk in places:
                    unit.order = places[pk]
                    names.add("order")
                fields = [by_name[name] for name in sorted(names)]
                yield pk, {one: _stored(one, unit) for one in fields}

        bulk.update(Unit, changes())

    def _places(self):
        """``{unit id: order}``: the last places under their new superiors, in the order in which
        the moves take effect."""
        moves = [(pk, move) for pk, move in self.turned[SUPERIOR].items() if move.done]
        superiors = {move.values["parent_id"] for _pk, move in moves}
        last, rows = {}, models.QuerySet(Unit).order_by().values_list("parent_id")
        for some in batches(sorted(superiors - {None}), _BATCH):
            last.update(rows.filter(parent__in=some).annotate(last=Max("order")))
        if None in superiors:
            last.update(rows.filter(parent=None).annotate(last=Max("order")))
        found = {}
        moves.sort(key=lambda one: (one[1].since.exact, one[1].done[-1].code))
        for pk, move in moves:
            superior = move.values["parent_id"]
            last[superior] = min(last.get(superior, -1) + 1, _LARGEST_ORDER)
            found[pk] = last[superior]
        return found

    def _dated_rows(self, fact, found):
        kept = [row for one in found for row in one.kept]
        done = [row for one in found for row in one.done]
        codes, taken = [row.code for row in kept], set()
        for some in batches(codes, _BATCH):
            taken.update(fact.model.objects.filter(code__in=some).values_list("code", flat=True))
            taken.update(_retired(fact).filter(code__in=some).values_list("code", flat=True))
        for row in kept:
            if row.code in taken:  # the same day a second time
                row.code = row.free_code(taken)
            taken.add(row.code)
        cited = self._cited(fact, done)
        for some in batches([row.pk for row in done], _BATCH):
            bulk.delete(_citing(fact, some))
            bulk.delete(fact.model.objects.filter(pk__in=some))
        RetiredCode.objects.bulk_create(
            [RetiredCode(kind=fact.model._meta.label_lower, code=row.code) for row in done],
            ignore_conflicts=True,
            batch_size=_BATCH,
        )
        fact.model.objects.bulk_create(kept, batch_size=_BATCH)
        cites, row_id = fact.model.sources.through, f"{fact.model._meta.model_name}_id"
        cites.objects.bulk_create(
            [
                cites(**{row_id: row.pk, "source_id": source})
                for row in kept
                for source in sorted(set().union(*(cited[one.pk] for one in row.rests_on)))
            ],
            batch_size=_BATCH,
        )

    def _cited(self, fact, rows):
        """``{id of a row: [ids of the sources that it cites]}``."""
        found = {row.pk: [] for row in rows}
        for some in batches(list(found), _BATCH):
            for pk, source in _citing(fact, some).values_list(
                fact.model._meta.model_name, "source"
            ):
                found[pk].append(source)
        return found

    def _leave(self, fact, found):
        for some in batches([row.pk for one in found for row, _sentence in one.left], _BATCH):
            fact.model.objects.filter(pk__in=some).update(takes_effect=None)

    def _log(self):
        """What happened, in the histories of the units and of the dated rows."""
        user = user_of_commands()
        names = (
            "action_time", "user", "content_type", "object_id", "object_repr", "action_flag",
            "change_message",
        )  # fmt: skip
        fields = [LogEntry._meta.get_field(name) for name in names]
        moment = bulk.preparer(fields[0])(self.now)
        kinds = {
            model: ContentType.objects.get_for_model(model).pk
            for model in (Unit, *(fact.model for fact in FACTS))
        }

        def line(record, flag, message):
            kind = kinds[type(record)]
            return moment, user.pk, kind, str(record.pk), str(record)[:200], flag, message

        def lines():
            for fact, by_unit in self.turned.items():
                for pk, found in by_unit.items():
                    for row in found.done:
                        yield line(self.units[pk], CHANGE, _took_effect(fact, row))
                        yield line(row, DELETION, _took_effect(fact, row))
                    for row in found.kept:
                        yield line(row, ADDITION, json.dumps([{"added": {}}]))
                    for row, sentence in found.left:
                        day = display(row.begin)
                        message = _("Did not take effect on %(day)s: %(reason)s") % {
                            "day": day, "reason": sentence,
                        }  # fmt: skip
                        yield line(self.units[pk], CHANGE, message)
                        yield line(row, CHANGE, message)

        bulk.insert(LogEntry, fields, lines())


def _took_effect(fact, row):
    words = {"day": display(row.begin), "row": row.code}
    if fact is NAME:
        return _("The name took effect that was to come on %(day)s (%(row)s).") % words
    return _("The superior took effect that was to come on %(day)s (%(row)s).") % words


def _repeat_translations(unit):
    """Write the columns that repeat a translation of the names; gives their names."""
    every = resource_for("units").translations()
    stems = {stem: names for stem, names in every.items() if set(names) & set(NAME.fields)}
    for stem, names in stems.items():
        unit.__dict__[stem] = next((text for name in names if (text := getattr(unit, name))), "")
    return set(stems)


def _stored(one, unit):
    connection = connections[router.db_for_write(Unit)]
    return one.get_db_prep_save(one.pre_save(unit, add=False), connection)


def _citing(fact, pks):
    """The rows that join dated rows to their sources."""
    through = fact.model.sources.through
    return models.QuerySet(through).filter(**{f"{fact.model._meta.model_name}__in": pks})


def _retired(fact):
    return RetiredCode.objects.filter(kind=fact.model._meta.label_lower)


def _cycle(start, above, safe):
    """The units of a cycle that is met from ``start`` upwards, or None; ``safe``: units of which it
    is known that they lead to the top, which grows."""
    path, met, pk = [], set(), start
    while pk not in safe:
        if pk in met:
            return path[path.index(pk) :]
        path.append(pk)
        met.add(pk)
        pk = above.get(pk)
    safe |= met
    return None


# --- Who calls it ---------------------------------------------------------------------------------


def soon(using=None):
    """Turn over when the present transaction is done; failures are left to the worker."""
    transaction.on_commit(_at_once, using=using, robust=True)


def _at_once():
    try:
        turn_over()
    except locking.Busy:
        log.warning("turn-over left to the worker: others are writing")


def _saved(instance, raw=False, using=None, **kwargs):
    if not raw and due.is_due(instance):
        soon(using)


def _applied(plan, **kwargs):
    if any(part.kind in KINDS for part in plan.parts):
        soon()


def connect():
    """Called when the apps are ready."""
    for fact in FACTS:
        post_save.connect(_saved, sender=fact.model, dispatch_uid="turn-over")
    applied.connect(_applied, dispatch_uid="turn-over")
