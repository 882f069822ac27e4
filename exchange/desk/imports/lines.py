"""A plan kept as lines, so that its pages are read from an index and never planned again."""

import re
from itertools import islice

from django.utils.translation import gettext as _

from exchange.models import ImportLine
from exchange.planning.changes import ACTIONS
from publishing.finding_groups import grouped
from publishing.text import search_text

__all__ = ["ACTIONS", "keep_plan", "keep_problems", "summary_of", "summary_of_problems"]

BATCH = 1000
# How many readings of cells, and records that the file does not mention, are listed.
READINGS = 200
# So many groups of findings are kept as lines; all findings are counted.
KEPT_FINDINGS = 1000
# So many sentences stand above the question since when something holds.
ASKED = 5
# A value among the readings is a sample; the change shows all of it.
SAMPLE = 200

# What JSON can write and PostgreSQL cannot store.
_UNFIT = re.compile("[\0\ud800-\udfff]")


def fit(text):
    """``text`` as every database can store it."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text) if text else text


def keep_plan(job, plan, progress):
    """Store changes, missing records and notes of a plan as lines of ``job``; return Readings."""
    changes = plan.changes()
    total = len(changes)
    readings = Readings()

    def found():
        for start in range(0, total, BATCH):
            progress(_("Preparing the pages"), start, total)
            for change in changes[start : start + BATCH]:
                readings.note(change)
                yield ImportLine.CHANGE, change.kind, change.action, change.code, _change(change)
        for part in plan.parts:
            if not job.delete_missing:
                for code, title in plan.missing(part.kind):
                    yield ImportLine.MISSING, part.kind, "missing", code, {"title": fit(title)}
            for note in part.notes:
                yield ImportLine.NOTE, part.kind, "note", "", {"note": fit(note)}
        for group in grouped(plan.findings)[:KEPT_FINDINGS]:
            data = {
                "sentence": fit(group.sentence),
                "count": group.count,
                "listed": [[fit(place.code), fit(name)] for place, name in group.listed],
            }
            yield ImportLine.FINDING, "", group.code, group.place.code, data

    _store(job, found())
    return readings


def _change(change):
    data = {
        "title": fit(change.title),
        "row": change.row,
        # [column, old, new, what the file says, new in words, what that means]
        "cells": [
            [
                cell.column,
                fit(cell.old),
                fit(cell.new),
                fit(cell.typed),
                fit(cell.shown),
                cell.meant,
            ]
            for cell in change.cells
        ],
    }
    if change.action == "move":
        data["move"] = [change.old_parent, change.new_parent]
    return data


def keep_problems(job, problems):
    """Store problems as lines of ``job``."""
    _store(
        job,
        (
            (
                ImportLine.PROBLEM,
                problem.kind,
                problem.code,
                "",
                {
                    "place": fit(problem.place),
                    "line": problem.line,
                    "row": problem.row,
                    "column": fit(problem.column),
                    "value": fit(problem.value),
                    "message": fit(problem.message),
                    "advice": fit(problem.advice),
                    "label": problem.label,
                },
            )
            for problem in problems
        ),
    )


def _store(job, found):
    lines = (
        ImportLine(
            job=job,
            sort=sort,
            number=number,
            kind=kind,
            action=action,
            code=fit(code)[:100],
            search=search_text(code, data.get("title", "")),
            data=data,
        )
        for number, (sort, kind, action, code, data) in enumerate(found)
    )
    while batch := list(islice(lines, BATCH)):
        ImportLine.objects.bulk_create(batch)


class Readings:
    """Cells that were understood to mean something else than they literally say.

    ``sample``: [kind, row, column, what the file says, what it was taken for], in the order of
    the plan; ``count``: of all of them.
    """

    def __init__(self):
        self.sample, self.count = [], 0

    def note(self, change):
        for cell in change.cells:
            if cell.typed is None:
                continue
            self.count += 1
            if len(self.sample) < READINGS:
                texts = _cut(cell.typed), _cut(cell.shown or cell.new)
                self.sample.append([change.kind, change.row, cell.column, *texts])


def summary_of(plan, book, readings):
    """What the pages of a preview show besides lines."""
    return {
        "kinds": [part.kind for part in plan.parts],
        "counts": plan.counts,
        "by_kind": {part.kind: part.counts for part in plan.parts},
        "words": plan.summary(),
        "is_empty": plan.is_empty,
        "findings": len(plan.findings),
        "asks": [fit(f"{one.place}: {one.message}") for one in plan.problems[:ASKED]],
        "asks_more": max(0, len(plan.problems) - ASKED),
        "meant": sum(len(part.meant) for part in plan.parts),
        "columns": [
            [
                table.kind,
                [
                    [fit(heading), column.name if column is not None else ""]
                    for heading, column in zip(table.headings, table.columns, strict=True)
                ],
            ]
            for table in book.tables
        ],
        "readings": readings.sample,
        "readings_count": readings.count,
    }


def _cut(text):
    text = fit(text)
    return text if len(text) <= SAMPLE else text[: SAMPLE - 1] + "…"


def summary_of_problems(problems):
    """Problems by rule: [code, how many, the first message], most frequent first."""
    groups = {}
    for problem in problems:
        groups.setdefault(problem.code, [problem.code, 0, fit(problem.message)])[1] += 1
    return {
        "groups": sorted(groups.values(), key=lambda group: -group[1]),
        "problems": len(problems),
    }
