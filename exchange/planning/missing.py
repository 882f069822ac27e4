"""Records that a file does not mention: closed, deleted, or in use."""

from itertools import islice

from django.db import models
from django.utils.translation import gettext as _

from exchange.planning.changes import Update
from exchange.problems import Refused

# So many of them are shown by name.
LISTED = 1000


def find_missing(part):
    """Close or delete what the file does not mention, where that is wanted."""
    if not part.plan.options.delete_missing:
        return
    pks = [pk for pk, _code in part.missing]
    loaded = part.load(pks)
    if part.resource.closes:
        at = part.position[part.resource.closes]
        date = part.plan.options.dissolved.text
        for pk in pks:
            old = loaded[pk]
            if not old[at]:
                new = list(old)
                new[at] = date
                part.closes.append(Update(pk, None, old, new, (at,), "close"))
        return
    part.deletes = [(pk, loaded[pk]) for pk in pks]


def check_deletes(part):
    """Records that others refer to cannot be deleted; what goes with them is said.

    Asked after all kinds are planned: what refers to a record may go in the same import.
    """
    if not part.deletes:
        return
    going = {part.model: {pk for pk, _texts in part.deletes} for part in part.plan.parts}
    for relation in part.model._meta.related_objects:
        _check_relation(part, relation, going)


def _check_relation(part, relation, going):
    protects = relation.on_delete in (models.PROTECT, models.RESTRICT)
    if not protects and relation.on_delete is not models.CASCADE:
        return  # the others stay, without it
    model, name = relation.related_model, relation.field.name
    leaves = going.get(model, set())
    pks = [pk for pk, _texts in part.deletes]
    texts = dict(part.deletes)
    found = {}
    for start in range(0, len(pks), 5000):
        rows = models.QuerySet(model).filter(**{f"{name}__in": pks[start : start + 5000]})
        for pk, owner in rows.order_by().values_list("pk", relation.field.attname):
            if pk not in leaves:
                found[owner] = found.get(owner, 0) + 1
    for owner, count in found.items():
        what = {
            "title": part.title(texts[owner]),
            "count": count,
            "records": str(model._meta.verbose_name_plural),
        }
        if protects:
            part.refuse(
                Refused(
                    "in_use",
                    _("“%(title)s” cannot be deleted: %(count)s × %(records)s refer to it.") % what,
                    _("Keep its row in the file, or change those records first."),
                )
            )
        else:
            part.notes.append(
                _("“%(title)s”: %(count)s × %(records)s will be deleted with it.") % what
            )


def list_missing(part):
    """Codes and titles of what the file does not mention, for the preview."""
    if part.implied:
        return
    columns = [part.resource.column(name) for name in ("code", *part.title_names)]
    rows = part.resource.rows()
    if part.others is None:
        rows = rows.filter(pk__in=[pk for pk, _code in part.missing[:LISTED]])
    found = (
        (code, next(filter(None, titles), code))
        for _pk, (code, *titles) in part.resource.texts(columns, rows)
        if code not in part.codes
    )
    part.listed_missing = list(islice(found, LISTED))
