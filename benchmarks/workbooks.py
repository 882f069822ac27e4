"""Our reader and writer of workbooks beside the packages that do the same, in one run.

    pip install --target /tmp/xl openpyxl python-calamine XlsxWriter
    PYTHONPATH=/tmp/xl python benchmarks/workbooks.py [--rows 20000] [--columns 20]

Prints the median processor time of three runs over one table of texts; what becomes of two small
files that claim the last cell that a sheet can have; and whether two runs of a writer, more than a
second apart, give the same bytes. Whoever is handed a hostile file works in a process of its own
with an address space of 16 GB, since it may not survive.
"""

import argparse
import io
import os
import re
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")

LAST = "XFD1048576"


# --- files ---------------------------------------------------------------------------------------
def table(rows, columns):
    """(headings, rows): half of the texts differ from row to row, the others repeat."""
    made = [
        [f"{n} saylı idarə (Şəki), {c}" if c % 2 else f"Department {n % 7}" for c in range(columns)]
        for n in range(rows)
    ]
    return [f"heading {c}" for c in range(columns)], made


def small_file(change):
    """A workbook of openpyxl with one cell, its sheet changed by ``change``."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = 1
    stream, changed = io.BytesIO(), io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name.endswith("sheet1.xml") else data)
    return changed.getvalue()


def hostile_files():
    """{what: bytes} of files that claim, or hold, the last cell."""
    last_row = f'<row r="1048576"><c r="{LAST}"><v>1</v></c></row></sheetData>'.encode()

    def claiming(xml):
        return re.sub(b'(<dimension ref=")[^"]*', rb"\1A1:" + LAST.encode(), xml)

    return {
        f"claims A1:{LAST}, holds A1": small_file(claiming),
        f"claims A1, holds A1 and {LAST}": small_file(
            lambda xml: xml.replace(b"</sheetData>", last_row)
        ),
        f"claims and holds A1 and {LAST}": small_file(
            lambda xml: claiming(xml).replace(b"</sheetData>", last_row)
        ),
        f"holds {LAST} alone": small_file(
            lambda xml: re.sub(rb"<row.*</sheetData>", last_row, claiming(xml))
        ),
    }


# --- readers: bytes → number of cells ------------------------------------------------------------
def ours(data):
    from exchange.formats.xlsx_files import Reader
    from exchange.limits import Limits

    rows = Reader(io.BytesIO(data), "file.xlsx", Limits.browser()).rows(0)
    return sum(len(row) for _number, row in rows)


def openpyxl_as_it_is(data, forget=False):
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    if forget:
        sheet.reset_dimensions()
    return sum(len(row) for row in sheet.iter_rows(values_only=True))


def openpyxl_reset(data):
    return openpyxl_as_it_is(data, forget=True)


def calamine(data):
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return sum(map(len, sheet.to_python()))


READERS = (ours, openpyxl_as_it_is, openpyxl_reset, calamine)


# --- writers: (headings, rows) → bytes -----------------------------------------------------------
def write_ours(headings, rows):
    from exchange.formats.xlsx_files import write

    stream = io.BytesIO()
    write(stream, [("Sheet", headings, rows)])
    return stream.getvalue()


def write_xlsxwriter(headings, rows):
    from datetime import datetime

    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime(1980, 1, 1)})
    sheet, text = book.add_worksheet("Sheet"), book.add_format({"num_format": "@"})
    for number, row in enumerate([headings, *rows]):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell, text)
    book.close()
    return stream.getvalue()


def write_openpyxl(headings, rows):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet")
    for row in [headings, *rows]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


WRITERS = (write_ours, write_xlsxwriter, write_openpyxl)


# --- measuring -----------------------------------------------------------------------------------
def timed(work, *arguments, runs=3):
    """(median seconds of processor time, the last answer)."""
    seconds = []
    for _ in range(runs):
        begun = time.process_time()
        answer = work(*arguments)
        seconds.append(time.process_time() - begun)
    return median(seconds), answer


def alone(reader, file):
    """What a reader makes of a file, in a process of its own: a sentence."""
    command = [sys.executable, __file__, "--read", reader.__name__]
    try:
        done = subprocess.run(command, input=file, capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return "not done after 120 s"
    if done.returncode == 0:
        return done.stdout.decode().strip()
    first = done.stderr.decode().strip().partition("\n")[0]
    return f"ended with {done.returncode}: {first}"


def read_alone(name):
    """The other side of ``alone``."""
    import django

    django.setup()
    from django.utils import translation

    from exchange.problems import BadFile

    file = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (16 << 30, 16 << 30))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    try:
        with translation.override("en"):
            said = f"{globals()[name](file):,} cells"
    except BadFile as error:
        said = f"refused: {error.problems[0].message}"
    seconds = time.process_time() - begun
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(f"{said}; {seconds:.2f} s, {memory} MB more")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        return read_alone(options.read)

    import django

    django.setup()
    headings, rows = table(options.rows, options.columns)
    written = {}
    for writer in WRITERS:
        seconds, written[writer] = timed(writer, headings, rows)
        small = headings, rows[:50]
        first = writer(*small)
        time.sleep(2.1)
        same = "equal" if writer(*small) == first else "different"
        size = len(written[writer]) // 1024
        print(f"{writer.__name__:20} {seconds:6.2f} s {size:7,} kB, bytes of two runs {same}")
    for writer in (write_ours, write_xlsxwriter):
        for reader in READERS:
            seconds, cells = timed(reader, written[writer])
            print(f"{reader.__name__:20} {seconds:6.2f} s {cells:9,} cells of {writer.__name__}")
    for what, file in hostile_files().items():
        print(f"{what}, {len(file):,} bytes")
        for reader in READERS:
            print(f"    {reader.__name__:20} {alone(reader, file)}")


if __name__ == "__main__":
    main()
