"""Files made in the test, good and bad."""

import csv
import io
import json
import zipfile

import exchange


def csv_bytes(*rows, delimiter=",", encoding="utf-8", newline="\r\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return text.getvalue().encode(encoding)


def json_bytes(*records):
    return json.dumps(list(records), ensure_ascii=False).encode()


def openpyxl_bytes(*rows, prepare=None):
    """A workbook as another program writes it. ``prepare(workbook)`` may spoil it."""
    import openpyxl

    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    if prepare:
        prepare(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def rezip(data, change=None, add=(), drop=()):
    """A zip with members changed: ``change`` {name: function of bytes}, added or dropped."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            if entry.filename in drop:
                continue
            content = old.read(entry)
            if change and entry.filename in change:
                content = change[entry.filename](content)
            new.writestr(entry.filename, content)
        for name, content in add:
            new.writestr(name, content)
    return out.getvalue()


def read(data, kind="units", name="file.csv", limits=None, language=None):
    return exchange.read(
        data, kind, language, name=name, limits=limits or exchange.Limits.browser()
    )


def plan(data, kind="units", name="file.csv", user=None, limits=None, **options):
    limits = limits or exchange.Limits.browser()
    table = read(data, kind, name, limits)
    return exchange.plan(table, exchange.Options(limits=limits, **options), user)


def run(data, kind="units", name="file.csv", user=None, **options):
    """Plan and apply; the plan must have no problems."""
    done, applied = exchange.run(
        read(data, kind, name, exchange.Limits.command()), user, options=exchange.Options(**options)
    )
    assert not done.problems, [str(p) for p in done.problems]
    return done, applied


def units_csv(*rows, columns=("code", "parent", "name_en")):
    return csv_bytes(columns, *rows)


def export(kind, file_format="csv", **options):
    out = io.BytesIO()
    exchange.export(kind, out, file_format, **options)
    return out.getvalue()


def export_rows(kind, **options):
    """The exact CSV as dicts."""
    return list(csv.DictReader(io.StringIO(export(kind, **options).decode(), newline="")))
