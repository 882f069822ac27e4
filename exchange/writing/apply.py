"""Carrying out a plan: everything or nothing, with its audit, in one transaction."""

import logging
from dataclasses import dataclass

from django.db import IntegrityError, connection, models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.garbage_collection import without_collecting
from exchange.planning.plan import Plan
from exchange.registry import resource_for
from exchange.signals import applied as applied_signal
from exchange.writing import audit, pictures, statistics
from exchange.writing.locking import NotApplied, StalePlan, writing
from exchange.writing.writer import Writer

log = logging.getLogger("exchange")


@dataclass(frozen=True)
class Applied:
    """What an import did. ``holds``: {kind: number of records in the database now}; ``ids``: {kind:
    {code: primary key}} of the new records."""

    counts: dict
    holds: dict
    sentence: str
    ids: dict


def apply(plan, user):
    """Carry out a Plan that somebody has looked at. Returns Applied.

    Raises NotApplied when the file has problems, and what ``apply_shown`` raises.
    """
    if plan.problems:
        raise NotApplied(_("The file has problems. Nothing was imported."))
    return apply_shown(plan.shown, user)


def apply_shown(shown, user):
    """Carry out what a ShownPlan says, if that is still what it would do. Returns Applied.

    Planned anew under the lock: raises StalePlan when a record that it touches has changed since,
    NotApplied when the database refuses, Busy when others are writing. After an exception the
    database is as it was.
    """
    kinds = _kinds(shown.book, shown.kinds)
    with without_collecting(), pictures.keeping(shown.book) as keep, writing(kinds):
        current = Plan(shown.book, shown.options, shown.user)
        if current.problems or current.token != shown.token:
            raise StalePlan
        if current.awaits_a_look:
            raise NotApplied(look_first(current))
        keep(current.pictures)
        return _write(current, user)


def run(book, user=None, dry_run=False, options=None, actor=None, logged=True):
    """Plan a Table or Book and, if nothing is wrong, carry the plan out at once.

    Returns (Plan, Applied or None): nothing is applied either where the plan has findings and
    nobody has accepted them. ``user``: whose rights are asked (None: all rights, for
    commands); ``actor``: whose name stands in the log, by default ``user``; ``logged``: False
    where the caller writes the log.
    """
    book = book.as_book()
    if dry_run or book.all_problems:
        return Plan(book, options, user), None
    with without_collecting(), pictures.keeping(book) as keep, writing(_kinds(book)):
        plan = Plan(book, options, user)
        if plan.problems or plan.awaits_a_look:
            return plan, None
        keep(plan.pictures)
        return plan, _write(plan, actor or user, logged)


def look_first(plan):
    """Why a plan whose findings nobody has accepted is not carried out."""
    count = len(plan.findings)
    return ngettext(
        "%(count)s finding needs a second look. Nothing was imported.",
        "%(count)s findings need a second look. Nothing was imported.",
        count,
    ) % {"count": count}


def _kinds(book, planned=()):
    """The kinds whose tables are written, with those whose records cells may ask for."""
    found = {*(table.kind for table in book.tables), *planned}
    for kind in list(found):
        found.update(resource_for(kind).makes)
    return sorted(found)


def _write(plan, user, logged=True):
    try:
        writer = Writer(plan)
        if not plan.is_empty:
            writer.write()
            if logged:
                audit.record(plan, writer.ids, user)
            derived = applied_signal.send(sender=Plan, plan=plan, user=user, ids=writer.ids)
            written = _written(plan).union(*(models or () for _receiver, models in derived))
            statistics.refresh_after(_changed(plan), written)
            # Now, not at the end of the transaction, so that a refusal can still be explained.
            if connection.vendor == "postgresql":
                connection.check_constraints()
    except (IntegrityError, models.ProtectedError) as error:
        log.error("import refused by the database: %s", type(error).__name__)
        raise StalePlan from error
    if plan.is_empty:  # every record has been looked at, and none changed
        holds = {part.kind: part.unchanged + part.missing_count for part in plan.parts}
    else:
        holds = {part.kind: part.resource.rows().count() for part in plan.parts}
    counts = plan.counts
    log.info("imported: %s", " ".join(f"{name}={count}" for name, count in counts.items()))
    sentence = _("Imported: %(what)s. The database now holds %(holds)s.") % {
        "what": plan.summary(),
        "holds": ", ".join(
            f"{count} × {resource_for(kind)._meta.model._meta.verbose_name_plural}"
            for kind, count in holds.items()
        ),
    }
    if plan.is_empty:
        sentence = _("Nothing to change: the database holds all of it already.")
    return Applied(counts, holds, sentence, writer.ids)


def _changed(plan):
    return sum(
        len(part.creates) + len(part.updates) + len(part.closes) + len(part.deletes)
        for part in plan.parts
    )


def _written(plan):
    """The models of the tables that carrying out the plan writes."""
    found = {audit.LogEntry}
    for part in plan.parts:
        found.add(part.resource._meta.model)
        found.update(column.through for column in part.all_columns if column.many)
    return found
