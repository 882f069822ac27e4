"""Two editors save one record at the same moment, beside an import: no save is lost in silence."""

import html as html_module
import itertools
import json
import re
import threading

import pytest

from tests.running.forms import opened
from tests.running.server import Visitor, manage, serving

ROUNDS = 2
# A text that is stored already would be "saved" by two editors without being lost.
_texts = itertools.count()
PASSWORD = "a-long-enough-one"

# For each kind of record two fields that two editors change at the same time.
FIELDS = {
    "history/era": ("summary_az", "summary_en"),
    "history/event": ("place_az", "place_en"),
    "history/figure": ("note_az", "note_en"),
    "history/figuregroup": ("summary_az", "summary_en"),
    "history/observance": ("summary_az", "summary_en"),
    "sources/source": ("note_az", "number"),
    "addresses/legacyaddress": ("note", "note"),
    "pages/page": ("summary_az", "summary_en"),
    "people/person": ("rank_az", "rank_en"),
    "people/post": ("how_filled_az", "how_filled_en"),
    "units/externalbody": ("summary_az", "summary_en"),
    "units/unit": ("jurisdiction_az", "jurisdiction_en"),
    "units/unitkind": ("name_az", "name_en"),
}

PREPARE = f"""
from django.contrib.auth.models import User
from addresses.models import LegacyAddress
for n in range(2):
    User.objects.create_superuser(f"editor{{n}}", f"editor{{n}}@example.org", {PASSWORD!r})
LegacyAddress.objects.create(address="/old/page", target="/az/units/")
"""

EVERY_KIND = """
from django.contrib import admin
from staff.records import CodedAdmin
for model, its in admin.site._registry.items():
    if isinstance(its, CodedAdmin):
        print("kind:", model._meta.app_label + "/" + model._meta.model_name)
"""


def address_of_first(visitor, kind):
    _status, listed = visitor.get(f"/admin/{kind}/")
    return html_module.unescape(re.search(rf"/admin/{kind}/\d+/change/", listed)[0])


def values_of(form):
    return dict(form.values)


@pytest.fixture(scope="module")
def served(site):
    code, said = manage("shell", "-c", PREPARE, **site)
    assert code == 0, said
    with serving(**site) as (address, log):
        visitors = [Visitor(address), Visitor(address)]
        for number, visitor in enumerate(visitors):
            visitor.sign_in(f"editor{number}", PASSWORD)
        yield visitors, log
        assert "Traceback" not in log(), log()[-4000:]
        assert "deadlock" not in log(), log()[-4000:]


def at_once(visitors, address, fields, turn):
    """Both open the form, then both send it; returns [(saved?, field, value)]."""
    forms = [opened(visitor, address) for visitor in visitors]
    ready = threading.Barrier(2)
    said = [None, None]

    def send(number):
        field = fields[number]
        value = f"{field}: {next(_texts)} of editor {number}, round {turn}"
        data = forms[number].filled(**{field: value, "_continue": "1"})
        ready.wait()
        status, html = visitors[number].post(address, data)
        said[number] = (status, "errornote" not in html, field, value)

    threads = [threading.Thread(target=send, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.concurrency
def test_of_two_saves_at_once_one_is_saved_and_the_other_is_told(served, site):
    visitors, _log = served
    _code, said = manage("shell", "-c", EVERY_KIND, **site)
    assert set(re.findall(r"kind: (\S+)", said)) == set(FIELDS), "a kind is missing here"
    lost = []
    for kind, fields in FIELDS.items():
        address = address_of_first(visitors[0], kind)
        for turn in range(ROUNDS):
            answers = at_once(visitors, address, fields, turn)
            stored = values_of(opened(visitors[0], address))
            for status, saved, field, value in answers:
                assert status == 200, (kind, status)
                if saved and stored[field] != value:
                    lost.append(f"{kind} {field}, round {turn}")
            if sum(saved for _status, saved, _field, _value in answers) != 1:
                lost.append(f"{kind}, round {turn}: {[answer[1] for answer in answers]}")
    assert lost == []


@pytest.mark.concurrency
def test_beside_imports_of_the_same_record(served, site, tmp_path):
    visitors, _log = served
    address = address_of_first(visitors[0], "history/event")
    code = re.search(r'field-code.*?readonly">([^<]+)<', visitors[0].get(address)[1], re.S)[1]
    stop = threading.Event()
    imports = []

    def keep_importing():
        turn = 0
        while not stop.is_set():
            turn += 1
            file = tmp_path / "events.json"
            file.write_text(json.dumps([{"code": html_module.unescape(code), "order": turn % 7}]))
            imports.append(manage("import_records", "events", str(file), **site))

    beside = threading.Thread(target=keep_importing)
    beside.start()
    try:
        lost, turn = [], 0
        while len(imports) < 3:
            answers = at_once(visitors, address, FIELDS["history/event"], turn)
            stored = values_of(opened(visitors[0], address))
            turn += 1
            for status, saved, field, value in answers:
                assert status == 200
                if saved and stored[field] != value:
                    lost.append(f"{field}, round {turn}")
            if sum(saved for _status, saved, _field, _value in answers) > 1:
                lost.append(f"round {turn}: both saved")
    finally:
        stop.set()
        beside.join()
    assert lost == []
    assert [said for code, said in imports if code != 0] == []


@pytest.mark.concurrency
def test_a_form_sent_twice_at_once_makes_one_record(served):
    (visitor, _other), _log = served
    address = "/admin/sources/source/add/"
    for turn in range(5):
        title = f"Twice {turn}"
        form = opened(visitor, address).filled(title_en=title, kind="law", _continue="1")
        ready, pages = threading.Barrier(2), []

        def send(form=form, ready=ready, pages=pages):
            ready.wait()
            pages.append(visitor.post(address, form))

        threads = [threading.Thread(target=send) for _click in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [status for status, _html in pages] == [200, 200]
        codes = [re.search(r'readonly">([^<]+)<', html)[1] for _status, html in pages]
        assert codes[0] == codes[1]
        _status, listed = visitor.get(f"/admin/sources/source/?q=twice+{turn}")
        assert listed.count('class="action-select"') == 1
