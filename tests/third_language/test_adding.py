"""A language is added by its line in settings, its file and the migrations of its columns.

French gets a file, German none. A copy of the project is changed so, in a process of its own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
LINE = 'LANGUAGES = [("az", "Azərbaycanca"), ("en", "English")]'
MORE = LINE.replace(")]", '), ("fr", "Français"), ("de", "Deutsch")]')
LEFT_OUT = shutil.ignore_patterns(".*", "var", "tests", "__pycache__", "docs", "benchmarks")


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """``{name: answer}`` of a site in four languages, as ``site.py`` asks it."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(settings.BASE_DIR, copy, ignore=LEFT_OUT)
    chosen = copy / "mia_site" / "settings.py"
    text = chosen.read_text()
    assert text.count(LINE) == 1
    chosen.write_text(text.replace(LINE, MORE))
    shutil.copy(HERE / "french.py", copy / "chronology" / "languages" / "fr.py")
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3",
        "VAR_DIR": str(copy / "var"),
        "DEBUG": "false",
        "SITE_MODE": "embedded",
        "CACHE_URL": "",
    }
    done = subprocess.run(
        [sys.executable, HERE / "site.py", "answers.json"],
        cwd=copy, env=env, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((copy / "answers.json").read_text())


def page(answers, name):
    """The words of a page."""
    status, body = answers[name]
    assert status == 200, (name, body[:500])
    main = re.search("<main.*</main>", body, re.DOTALL)[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", main)).split())


def data(answers, name):
    status, body = answers[name]
    assert status == 200, (name, body[:500])
    return json.loads(body)


@pytest.mark.parametrize("name", ["structure", "unit"])
def test_a_past_date_has_the_name_of_then_in_the_language_of_the_page(answers, name):
    words = page(answers, name)
    assert "Milice rouge" in words
    assert "Militia" not in words
    assert "Milis" not in words


def test_today_has_the_name_of_today(answers):
    assert "Gendarmerie nationale" in page(answers, "today")


def test_what_is_known_in_another_language_only_says_in_which(answers):
    status, body = answers["german"]
    assert status == 200
    assert 'lang="az">Polis<' in body


def test_the_search_finds_names_of_today_and_of_then_with_and_without_signs(answers):
    assert "Gendarmerie" in page(answers, "found")
    assert "Milice" in page(answers, "found former")
    assert "Écuries" in page(answers, "found without signs")
    assert [one["code"] for one in data(answers, "matched")["results"]] == ["police"]
    assert answers["wrong entries"] == 0


def test_names_stand_in_the_order_of_the_alphabet(answers):
    assert answers["dates"]["order"] == ["Accueil", "Eaux", "Écuries", "Zone"]
    words = page(answers, "index")
    places = [words.index(name) for name in ("Accueil", "Eaux", "Écuries", "Gendarmerie", "Zone")]
    assert places == sorted(places)


def test_the_api_has_its_columns(answers):
    now, then = data(answers, "api"), data(answers, "api then")
    assert now["name_fr"] == "Gendarmerie nationale"
    assert now["name_de"] == ""
    assert now["page_fr"] == "/fr/units/police/"
    assert then["name_fr"] == "Milice rouge"
    assert then["names"][0]["name_fr"] == "Milice rouge"
    described = data(answers, "described")["components"]["schemas"]
    assert {"name_fr", "name_de"} <= set(described["HeldName"]["properties"])
    assert {"name_fr", "title_fr"} <= set(described["Head"]["properties"])
    assert set(now) == set(described["Unit"]["properties"]) - {"in_force"}


def test_linked_data_says_the_language(answers):
    assert '{"@value":"Gendarmerie nationale","@language":"fr"}' in answers["linked"][1]


def test_files_have_its_columns_and_come_in_again_without_a_change(answers):
    headings = answers["files"]["headings"]
    place = headings.index("name_az")
    assert headings[place : place + 4] == ["name_az", "name_en", "name_fr", "name_de"]
    assert answers["files"]["changes"] == [0, 0]
    heading, row, *_rows = answers["table"][1].splitlines()
    assert dict(zip(heading.split(","), row.split(","), strict=True))["name_fr"] == "Milice rouge"


def test_the_comparison_names_units_in_it(answers):
    heading, row, *_rows = answers["compared"][1].splitlines()
    named = dict(zip(heading.split(","), row.split(","), strict=False))
    assert named["name_fr"] == "Gendarmerie nationale"
    assert "Milice rouge" in page(answers, "compared page")


def test_the_form_asks_for_the_texts_in_it(answers):
    status, body = answers["form"]
    assert status == 200
    assert 'id="id_name_fr"' in body
    assert 'data-language="fr"' in body


def test_dates_are_worded_and_read_in_it(answers):
    dates = answers["dates"]
    assert dates["day"] == "28 mai 1918"
    assert dates["about"] == "vers 1840"
    assert dates["century"] == "XIXe siècle"
    assert dates["period"] == "depuis 28 mai 1918"
    assert dates["read"] == [
        "1918-05-28", "1918-08-01", "1840~", "18XX", "184X", "1918/..", "/1899", "1918-05-28",
        "1918-05-28",
    ]  # fmt: skip


def test_without_a_file_dates_are_worded_in_the_language_of_the_messages(answers):
    assert answers["dates"]["without a file"] == "28 May 1918"
