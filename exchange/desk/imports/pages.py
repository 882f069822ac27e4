"""What the pages of an import show: kept lines, by page and filter, in words."""

from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

import exchange
from exchange.columns import split_codes
from exchange.desk.imports.forms import AnswerForm
from exchange.desk.imports.words import ACTION_WORDS, column_label, column_of, kind_name
from exchange.models import ImportLine, State
from exchange.planning.changes import ACTIONS
from exchange.registry import resource_for, resource_of
from publishing.finding_groups import LISTED
from publishing.text import fold

CHANGES_A_PAGE = 25
PROBLEMS_A_PAGE = 100
NOTES = 100
# Longer texts are folded up.
LONG = 300


@dataclass
class Cell:
    """One value before and after, as it is shown.

    ``refers``: the kind of the records whose codes ``old`` and ``new`` are, "" for other values.
    """

    label: str
    old: str
    new: str
    typed: str = ""
    long: bool = False
    refers: str = ""
    many: bool = False
    meant: str = ""

    def codes(self):
        """The codes of other records, before and after."""
        texts = [text for text in (self.old, self.new) if text and self.refers]
        return {code for text in texts for code in (split_codes(text) if self.many else [text])}

    def name(self, names):
        """Put names before the codes. ``names``: {code: name}."""
        self.old, self.new = self._named(self.old, names), self._named(self.new, names)

    def _named(self, text, names):
        codes = split_codes(text) if self.many else [text]
        return "; ".join(
            f"{names[code]} ({code})" if names.get(code, code) != code else code for code in codes
        )


@dataclass
class Row:
    """One changed record, as it is shown. ``move``: names of the old and the new superior."""

    kind: str
    kind_name: str
    action: str
    action_word: str
    code: str
    title: str
    row: int | None
    cells: list = field(default_factory=list)
    move: tuple = ()
    address: str = ""


class Filter:
    """What the reader asked to see: ``kind``, ``action`` and ``q`` out of an address."""

    def __init__(self, asked, job):
        self.kinds = [kind for kind in job.summary.get("kinds", ()) if kind]
        kind, action = asked.get("kind", ""), asked.get("action", "")
        self.kind = kind if kind in self.kinds else ""
        self.action = action[:40]
        self.query = asked.get("q", "").strip()[:100]
        self.number = asked.get("page", "1")

    def apply(self, lines):
        if self.kind:
            lines = lines.filter(kind=self.kind)
        if self.action:
            lines = lines.filter(action=self.action)
        if self.query:
            words = Q()
            for word in fold(self.query).split():
                words &= Q(search__contains=word)
            lines = lines.filter(Q(code=self.query) | (words or Q(pk=None)))
        return lines

    def page(self, lines, size):
        return Paginator(self.apply(lines), size).get_page(self.number)


def changes(job, asked):
    """The context of a preview or a result."""
    chosen = Filter(asked, job)
    sort = ImportLine.MISSING if chosen.action == "missing" else ImportLine.CHANGE
    page = chosen.page(job.lines.filter(sort=sort), CHANGES_A_PAGE)
    rows = [_row(line) for line in page]
    _name_references(job, rows)
    _link(rows)
    notes = list(job.lines.filter(sort=ImportLine.NOTE)[: NOTES + 1])
    summary = job.summary
    counts = summary["by_kind"].get(chosen.kind, {}) if chosen.kind else summary["counts"]
    return {
        "chosen": chosen,
        "page": page,
        "rows": rows,
        "counts": [
            (action, ACTION_WORDS[action], counts.get(action, 0))
            for action in ("create", "update", "move", "close", "delete", "missing")
            if counts.get(action) or action in ("create", "update")
        ],
        "all_changes": sum(counts.get(action, 0) for action in ACTIONS),
        "unchanged": counts.get("unchanged", 0),
        "leaving": leaving(job),
        **findings(job),
        "is_empty": summary["is_empty"],
        "kinds": _kinds(summary) if len(chosen.kinds) > 1 else [],
        "notes": [line.data["note"] for line in notes[:NOTES]],
        "more_notes": len(notes) > NOTES,
    }


def since_when(job, form=None):
    """The question what changed values mean: why it is asked, and the form for the answer.

    Without a question the form is there to change an answer, where there is anything to answer.
    """
    summary = job.summary
    asks = summary.get("asks", []) if job.state == State.READY else []
    answered = bool(job.corrections or job.since)
    if not (asks or answered or summary.get("meant")):
        return {"asks": [], "answer": None}
    return {
        "asks": asks,
        "asks_more": summary.get("asks_more", 0),
        "answer": form or AnswerForm(initial=AnswerForm.given(job)),
    }


def leaving(job):
    """How many records a preview closes or deletes; 0 for a job in any other state."""
    counts = job.summary.get("counts", {}) if job.state == State.READY else {}
    return counts.get("close", 0) + counts.get("delete", 0)


def findings(job):
    """What a preview found that contradicts itself: how much, and the first groups of it."""
    count = job.summary.get("findings", 0) if job.state == State.READY else 0
    lines = job.lines.filter(sort=ImportLine.FINDING)[:LISTED] if count else ()
    groups = [_group(line) for line in lines]
    more = count - sum(group["count"] for group in groups)
    return {"findings": groups, "findings_count": count, "more_findings": more}


def _group(line):
    """What ``publishing.finding_groups`` calls a group, for the template that lists it."""
    count, listed = line.data.get("count", 1), line.data.get("listed", [])
    return {
        "sentence": line.data["sentence"],
        "place": {"code": line.code},
        "count": count,
        "listed": [({"code": code}, name) for code, name in listed],
        "more": count - len(listed) if listed else 0,
    }


def limits():
    """What a file may be, in one sentence."""
    return _("CSV, XLSX or JSON, at most %(size)s MB and %(rows)s rows; ZIP for several kinds.") % {
        "size": f"{settings.IMPORT_MAX_BYTES / 1024 / 1024:g}",
        "rows": settings.IMPORT_MAX_ROWS,
    }


def examples(user, kinds):
    """Addresses of example files of the ``kinds``: [(kind, [(ending, address)])]."""
    found = []
    with suppress(NoReverseMatch):
        for kind in kinds:
            if exchange.may_export(user, kind):
                links = [
                    (ending.upper(), reverse("admin:exchange_example", args=[kind, ending]))
                    for ending in ("xlsx", "csv", "json")
                ]
                found.append((kind_name(kind), links))
    return found


def _kinds(summary):
    """[(kind, name, [number per action])] for the table of kinds."""
    return [
        (
            kind,
            kind_name(kind),
            [(a, ACTION_WORDS[a], counts.get(a, 0)) for a in (*ACTIONS, "unchanged", "missing")],
        )
        for kind, counts in summary["by_kind"].items()
    ]


def _row(line):
    data = line.data
    return Row(
        kind=line.kind,
        kind_name=kind_name(line.kind),
        action=line.action,
        action_word=ACTION_WORDS.get(line.action, line.action),
        code=line.code,
        title=data.get("title", ""),
        row=data.get("row"),
        cells=[_cell(line.kind, *cell) for cell in data.get("cells", ())],
        move=tuple(data.get("move", ())),
    )


def _cell(kind, name, old, new, typed, shown, meant=""):
    column = column_of(kind, name)
    old = column.show(old) if column and old else old
    new = shown or new
    target = resource_of(column.target) if column and column.target else None
    return Cell(
        label=column_label(kind, name),
        old=old,
        new=new,
        typed=typed or "",
        meant=meant,
        long=len(old) > LONG or len(new) > LONG,
        refers=target.kind if target else "",
        many=bool(column and column.many),
    )


def _name_references(job, rows):
    """Codes of other records get their names, of records that are there or will be."""
    wanted = {}
    for row in rows:
        wanted.setdefault(row.kind, set()).update(row.move)
        for cell in row.cells:
            if cell.refers:
                wanted.setdefault(cell.refers, set()).update(cell.codes())
    names = {kind: _names(job, kind, codes - {""}) for kind, codes in wanted.items()}
    for row in rows:
        row.move = tuple(names[row.kind].get(code, code) for code in row.move)
        for cell in row.cells:
            if cell.refers:
                cell.name(names[cell.refers])


def _names(job, kind, codes):
    """{code: name} of records: two queries at most."""
    if not codes:
        return {}
    resource = resource_for(kind)()
    columns = [resource.column(name) for name in ("code", *resource.title_columns())]
    found = resource.texts(columns, resource.rows().filter(code__in=codes))
    names = {texts[0]: next(filter(None, texts[1:]), texts[0]) for _pk, texts in found}
    if rest := codes - names.keys():
        new = job.lines.filter(sort=ImportLine.CHANGE, kind=kind, action="create", code__in=rest)
        names.update((line.code, line.data["title"]) for line in new)
    return names


def _link(rows):
    """Give the rows whose records exist the address of their form."""
    codes = {}
    for row in rows:
        codes.setdefault(row.kind, set()).add(row.code)
    for kind, own in codes.items():
        model = resource_for(kind)._meta.model
        if not admin.site.is_registered(model):
            continue
        opts = model._meta
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        pks = dict(resource_for(kind).rows().filter(code__in=own).values_list("code", "pk"))
        for row in rows:
            if row.kind == kind and row.code in pks:
                row.address = reverse(name, args=[pks[row.code]])


def problems(job, asked):
    """The context of the page of problems."""
    chosen = Filter(asked, job)
    page = chosen.page(job.lines.filter(sort=ImportLine.PROBLEM), PROBLEMS_A_PAGE)
    return {
        "chosen": chosen,
        "page": page,
        "equal": _equal_problems(page),
        "groups": job.summary["groups"],
        "count": job.summary["problems"],
        "has_copy": job.files.filter(role="copy").exists(),
        "several": job.kind == "all",
    }


@dataclass
class EqualProblems:
    """Cells of one column in which the same is wrong, as they are shown.

    ``place``: of the first cell; ``places``: [(row, value)] of all of them.
    """

    kind: str
    column: str
    label: str
    message: str
    advice: str
    place: str = ""
    places: list = field(default_factory=list)


def _equal_problems(page):
    """The problems of a page, equal ones together, in the order of the first of each."""
    found = {}
    for line in page:
        data = line.data
        key = [data["column"] or "", data["label"], data["message"], data["advice"]]
        group = found.setdefault((line.kind, *key), EqualProblems(line.kind, *key))
        group.place = group.place or data["place"] or _("the whole file")
        group.places.append((data["line"], data["value"]))
    return list(found.values())


def understood(job):
    """How the file was read: [(kind, [(heading, column)])] and sample readings of cells."""
    summary = job.summary
    return {
        "columns": [
            (
                kind_name(kind),
                [(heading, name and column_label(kind, name)) for heading, name in headings],
            )
            for kind, headings in summary["columns"]
        ],
        "readings": [
            (row, column_label(kind, name), typed, taken)
            for kind, row, name, typed, taken in sorted(
                summary["readings"], key=lambda reading: reading[1] or 0
            )
        ],
        "readings_count": summary["readings_count"],
    }
