"""Names and superiors that a file changes of units that have been public: what each cell means, and
the dated rows that the import writes beside them.

As in the forms: of a correction nothing is kept, of a change the old value becomes a dated row, and
a change to come leaves the unit as it is and becomes a dated row itself (``units.changes``). A
file that brings the table of dated rows itself writes exactly its rows; it is not asked.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.planning.since_when import Meaning, refused
from exchange.registry import resource_for
from publishing.models import RetiredCode
from units.changes import NAME, SUPERIOR, Change, Meant, check_day, hand_over, is_later
from units.facts import batches, date_of
from units.first_public import has_been_public
from units.models import Unit

# So many codes go into one question.
_AT_ONCE = 500

_KINDS = {NAME: "dated_names", SUPERIOR: "dated_superiors"}
_UNANSWERED = {
    NAME: gettext_lazy(
        "Readers have seen this unit under another name, and the file does not say whether it was "
        "changed or corrected."
    ),
    SUPERIOR: gettext_lazy(
        "Readers have seen this unit under another superior, and the file does not say whether it "
        "was changed or corrected."
    ),
}


@dataclass
class _Columns:
    """Where the columns of a Fact stand among those of units: ``at`` by their names, ``since``;
    ``titles``: those of ``at`` of which one has to say something."""

    fact: Any
    at: dict
    since: int
    titles: tuple
    rows: list = field(default_factory=list)  # _Row

    @classmethod
    def of(cls, fact, part):
        names = [Unit._meta.get_field(name).name for name in fact.fields]
        at = {n: part.position[n] for n in names}
        titles = tuple(at[n] for n in Unit.title_fields() if n in at)
        return cls(fact, at, part.position[fact.since], titles)


@dataclass
class _Row:
    """A dated row to be written: canonical texts by column, what the cells mean that ask for it,
    and the first of their places."""

    texts: dict
    meaning: Meaning
    origin: tuple


def ask(part):
    """Say of each changed name and superior of the KindPlan ``part`` of units what it means, or
    ask; what is to be written beside becomes parts of the plan."""
    brought = part.plan.book.kinds
    facts = [_Columns.of(f, part) for f, kind in _KINDS.items() if kind not in brought]
    watched = [(columns, set(columns.at.values())) for columns in facts]
    if not part.updates or not watched:
        return
    public_at = [part.position[name] for name in ("status", "name_since", "superior_since")]
    today = timezone.localdate()
    was_public = lru_cache(maxsize=10_000)(has_been_public)
    for update in part.updates:
        for columns, positions in watched:
            if positions.isdisjoint(update.changed):
                continue
            if was_public(*(update.old[i] for i in public_at)) and _says_something(columns, update):
                _judge(part, columns, update, today)
    _drop_unchanged(part)
    for columns in facts:
        _imply(part, columns)


def _says_something(columns, update):
    """Whether the new value is one; a unit without any name is refused by another rule."""
    return not columns.titles or any(update.new[at] for at in columns.titles)


def _judge(part, columns, update, today):
    fact, options = columns.fact, part.plan.options
    changed = [name for name, at in columns.at.items() if at in update.changed]
    if options.corrections:
        _mean(part, update, changed, Meaning())
        return
    old, new = (date_of(texts[columns.since]) for texts in (update.old, update.new))
    asking = changed[0]
    if new and columns.since in update.changed and is_later(new, old):
        since, asking = new, fact.since
    elif options.since is None:
        part.plan.ask(part, update.index, asking, str(_UNANSWERED[fact]))
        return
    elif columns.since in update.changed:
        sentence = _(
            "This is another date than the one that is given for the whole file. Leave it as it "
            "was, or write since when the new value holds."
        )
        part.refuse(refused(sentence), update.index, fact.since, update.new[columns.since])
        return
    else:
        since = options.since
    try:
        to_come, begin, end = _handover_on(update.old[columns.since], str(since), today)
    except ValidationError as error:
        sentence, value = " ".join(error.messages), part.cell(update.index, asking)
        part.refuse(refused(sentence), update.index, asking, value)
        return
    meaning = Meaning(since, to_come, to_come and options.announce)
    kept = update.new if to_come else update.old
    texts = {name: kept[at] for name, at in columns.at.items()}
    texts |= {"unit": update.new[part.position["code"]], "begin": begin, "end": end}
    texts["announced"] = "yes" if meaning.announced else "no"
    if fact is SUPERIOR:
        texts["at_top"] = "no" if texts["parent"] else "yes"
    columns.rows.append(_Row(texts, meaning, (part, update.index, asking)))
    if to_come:
        for at in (*columns.at.values(), columns.since):
            update.new[at] = update.old[at]
        if fact is SUPERIOR:
            update.action = "update"
    else:
        _mean(part, update, changed, meaning)
        update.new[columns.since] = end
    places = sorted({*update.changed, columns.since})
    update.changed = tuple(i for i in places if update.new[i] != update.old[i])


def _mean(part, update, names, meaning):
    for name in names:
        part.meant[update.index, name] = meaning


def _drop_unchanged(part):
    """Records that stay as they are until their day."""
    changed = [update for update in part.updates if update.changed]
    part.unchanged += len(part.updates) - len(changed)
    part.updates = changed


def _imply(part, columns):
    """Make the dated rows a part of the plan."""
    kind = _KINDS[columns.fact]
    rows = _not_there_yet(kind, columns)
    if not rows:
        return
    codes = _free_codes(columns.fact.model, [_code(columns.fact, row) for row in rows])
    implied = part.plan.imply(kind, ["code", *rows[0].texts])
    for code, row in zip(codes, rows, strict=True):
        implied.add({"code": code, **row.texts}, row.origin)
    implied.meant = {(i, "begin"): r.meaning for i, r in enumerate(rows) if r.meaning.to_come}


def _not_there_yet(kind, columns):
    """Without the rows to come that an earlier import of the same file has written."""
    coming = {row.texts["unit"] for row in columns.rows if row.meaning.to_come}
    if not coming:
        return columns.rows
    resource, there = resource_for(kind), set()
    own = [resource.column(name) for name in columns.rows[0].texts]
    for some in batches(coming, _AT_ONCE):
        rows = resource.rows().filter(unit__code__in=some, end="")
        there.update(tuple(texts) for _pk, texts in resource.texts(own, rows))
    return [
        row
        for row in columns.rows
        if not row.meaning.to_come or tuple(row.texts.values()) not in there
    ]


def _code(fact, row):
    """As the code of a row that the turn-over writes."""
    stem = fact.model.code_stem(SimpleNamespace(unit=SimpleNamespace(code=row.texts["unit"])))
    word, date = (
        ("from", row.texts["begin"]) if row.meaning.to_come else ("until", row.texts["end"])
    )
    day = date_of(date)
    return f"{stem[:80].strip('-')}-{word}-{day.latest if day.is_period else day}"


def _free_codes(model, wanted):
    """Codes that no record of ``model`` has or ever had, like the ``wanted`` ones."""
    retired = RetiredCode.objects.filter(kind=model._meta.label_lower)
    found, taken, waiting, number = [""] * len(wanted), set(), range(len(wanted)), 1
    while waiting:
        codes = {i: wanted[i] if number == 1 else f"{wanted[i]}-{number}" for i in waiting}
        for some in batches(codes.values(), _AT_ONCE):
            for rows in (models.QuerySet(model), retired):
                there = rows.order_by().filter(code__in=some).values_list("code", flat=True)
                taken.update(there)
        for i, code in codes.items():
            if code not in taken:
                found[i] = code
                taken.add(code)
        waiting, number = [i for i in waiting if not found[i]], number + 1
    return found


@lru_cache(maxsize=10_000)
def _handover_on(stored_since, since, today):
    change = Change(Meant.CHANGE, date_of(since))
    if change.is_to_come:
        check_day(change, today)
        return True, since, ""
    begin, end = hand_over(date_of(stored_since), change, today=today)
    return False, str(begin or ""), str(end)
