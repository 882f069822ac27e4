"""What the fixtures promise: they load by themselves, are whole, and read well in two languages."""

import itertools
import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from modeltranslation.translator import translator

from chronology import HistoricalDate
from history.family import Family
from history.lineage import successors
from history.models import Event, Observance, Participation
from history.rules import problems
from mia_site.content import CONTENT_FIXTURES
from people.models import Person, Post, Term
from units import tree
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
CONTENT_APPS = ("sources", "units", "people", "history", "pages")

# The structure of the ministry as the seed lists it, in its order.
STRUCTURE = [
    "Secretariat",
    "Steering Department",
    "Orderly Divisions Control Department",
    "Investigation Department",
    "Inquiry Department",
    "Department for Combat with Organized Crime",
    "Department for Struggle Against Drugs",
    "Department for Internal Security",
    "Department for Criminality Investigations",
    "Department for Statistic and Operative Information",
    "Department for Social Security",
    "Department for Internal Troops",
    "Transport Police Department",
    "Department for Road Police",
    "Department for Fire Security",
    "Department for Defense",
    "Department for Registration and Passport",
    "National Central Bureau of Interpol",
    "Head Department for Human Resources",
    "Department for Internal Investigation",
    "Department for Work with the Personnel",
    "Department for International Cooperation",
    "Department for Communication",
    "Press Service",
    "Department for Financial Planning",
    "Provision Department",
    "Medical Department",
    "Commandant Services",
    "Department for Fundamental Construction",
    "Sports Society",
    "Department for Mobilization and Civil Defense",
]


def content_models():
    return [model for app in CONTENT_APPS for model in apps.get_app_config(app).get_models()]


def every_record():
    return [record for model in content_models() for record in model.objects.all()]


def rows_of(name):
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


# --- the files --------------------------------------------------------------------------------


def test_the_list_names_exactly_the_files_that_are_there():
    assert sorted(CONTENT_FIXTURES) == sorted(path.stem for path in FIXTURES.glob("*.json"))


@pytest.mark.parametrize("name", CONTENT_FIXTURES)
def test_a_file_holds_one_kind_without_keys_or_tree_numbers(name):
    rows = rows_of(name)
    assert len({row["model"] for row in rows}) == 1
    for row in rows:
        assert "pk" not in row
        assert not {"lft", "rght", "level", "tree_id", "search_text"} & set(row["fields"])
        assert not {"created_at", "updated_at"} & set(row["fields"])


@pytest.mark.parametrize("name", CONTENT_FIXTURES)
def test_a_file_is_readable_and_states_no_empty_field(name):
    text = (FIXTURES / f"{name}.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    assert not [
        row for row in rows_of(name) if any(v in ("", None, []) for v in row["fields"].values())
    ]


def test_every_model_of_content_has_its_file():
    labels = {rows_of(name)[0]["model"] for name in CONTENT_FIXTURES}
    assert labels == {model._meta.label_lower for model in content_models()}


# --- loading ----------------------------------------------------------------------------------


def test_loading_again_doubles_nothing(content):
    before = {model: model.objects.count() for model in content_models()}
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
    assert {model: model.objects.count() for model in content_models()} == before


def test_every_row_of_the_files_is_loaded(content):
    for name in CONTENT_FIXTURES:
        rows = rows_of(name)
        assert apps.get_model(rows[0]["model"]).objects.count() == len(rows), name


@pytest.mark.parametrize("language", ["az", "en"])
def test_every_record_is_valid(content, language):
    with translation.override(language):
        for record in every_record():
            record.full_clean()


def test_every_publishable_record_is_published(content):
    for record in every_record():
        if hasattr(record, "status"):
            assert record.is_public, record


def test_the_pictures_that_records_name_are_delivered(content):
    for unit in Unit.objects.exclude(emblem=""):
        assert (FIXTURES / "media" / unit.emblem.name).is_file()
        assert unit.emblem_alt_az
        assert unit.emblem_alt_en


# --- two languages ----------------------------------------------------------------------------


def translated_texts():
    """(record, field, {language: text}) of every translated field of every record."""
    for record in every_record():
        if type(record) in translator.get_registered_models(abstract=False):
            for field in translator.get_options_for_model(type(record)).all_fields:
                texts = {c: getattr(record, f"{field}_{c}") or "" for c, _ in settings.LANGUAGES}
                yield record, field, texts


def test_what_is_written_in_one_language_is_written_in_all(content):
    half = [
        f"{record._meta.label} {record.code} {field}"
        for record, field, texts in translated_texts()
        if any(texts.values()) and not all(texts.values())
    ]
    assert half == []


def test_texts_are_in_the_language_they_say(content):
    """Letters that only one of the two alphabets has: ə, ğ, ı … and w."""
    for record, field, texts in translated_texts():
        if record._meta.model_name in ("person", "page") and field in ("body", "name"):
            continue  # these quote the other language on purpose
        long_az = len(texts["az"]) > 60
        assert not long_az or re.search("[əğışçöüİ]", texts["az"]), (record, field)
        if field in ("body", "summary", "mandate", "title", "label"):
            assert not re.search(r"\b(və|üçün|ilə|idarəsi)\b", texts["en"]), (record, field)
            assert not re.search(
                r"\b(the|and|of|with)\b", re.sub("“.*?”|[(].*?[)]", "", texts["az"])
            ), (
                record,
                field,
            )


def test_no_text_has_a_letter_of_another_alphabet_or_a_typewriter_quote(content):
    for record, field, texts in translated_texts():
        for text in texts.values():
            assert not re.search("[\u0400-\u04ff\u0307]", text), (record, field)
            assert '"' not in text, (record, field)
            assert "'" not in text, (record, field)
            assert "  " not in text, (record, field)


# --- the tree ---------------------------------------------------------------------------------


def test_the_tree_is_sound(content):
    assert list(tree.check()) == []
    assert [unit.code for unit in Unit.objects.root_nodes()] == ["mia"]


def test_the_31_bodies_stand_first_under_the_ministry_in_the_order_of_the_seed(content):
    children = Unit.objects.get(code="mia").get_children()
    assert [unit.name_en for unit in children[: len(STRUCTURE)]] == STRUCTURE
    assert len(STRUCTURE) == 31


def test_what_was_closed_says_why_and_what_exists_does_not(content):
    closed = Unit.objects.exclude(dissolved="")
    assert {u.code for u in closed} == {"police-college", "vocational-military-school"}
    assert all(unit.closing_reason for unit in closed)
    assert Unit.objects.current().count() == Unit.objects.count() - closed.count()


# --- history ----------------------------------------------------------------------------------


def test_every_event_cites_a_source(content):
    assert not Event.objects.filter(sources__isnull=True).exists()


def test_participations_fit_the_kind_of_their_event(content):
    for event in Event.objects.all():
        found = Participation.objects.filter(event=event).select_related("unit", "external_body")
        assert problems(event.kind, found) == [], event.code


def test_an_event_lies_in_its_era(content):
    for event in Event.objects.exclude(date="").select_related("era"):
        assert event.era.begin_earliest <= event.date_earliest, event.code
        assert event.date_earliest < event.era.end_latest, event.code


def test_eras_follow_one_another_without_a_gap(content):
    eras = [(row["fields"]["begin"], row["fields"].get("end")) for row in rows_of("eras")]
    for (_begin, end), (begin, _end) in itertools.pairwise(eras):
        assert end == begin


@pytest.mark.parametrize(
    ("later", "earlier"),
    [("police-academy", "police-college"), ("high-military-school", "vocational-military-school")],
)
def test_successors_are_derived_from_events(content, later, earlier):
    later, earlier = Unit.objects.get(code=later), Unit.objects.get(code=earlier)
    assert [one.participant for one in successors(earlier)] == [later]
    assert Family(later).ancestors == {("unit", earlier.pk): 1}
    assert earlier.dissolved == later.founded  # the end is the first day outside


def test_units_are_as_old_as_their_founding_event(content):
    founded = 0
    for part in Participation.objects.filter(side="after", unit__isnull=False):
        if part.unit.founded and part.event.date:
            assert part.unit.founded == part.event.date, part
            founded += 1
    assert founded >= 8


def test_past_superiors_outside_are_dated(content):
    told = {
        (row.unit.code, row.external_body.code): (str(row.begin or ""), str(row.end or ""))
        for row in DatedSuperior.objects.filter(external_body__isnull=False)
    }
    assert told == {
        ("mia", "ussr-mia"): ("1920-04-28", "1991-10-18"),
        ("bmpd", "russian-empire-mia"): ("1840-04-10", "1917-03-07"),
        ("bmpd", "baku-council-executive-committee"): ("1917-03-07", "1917-11-13?"),
        ("police-college", "ussr-mia"): ("1957", ""),
    }


def test_former_names_belong_to_units_that_exist_then(content):
    for former in DatedName.objects.select_related("unit"):
        if former.begin:
            assert former.unit.founded_earliest <= former.begin_earliest, former


def test_yearly_days(content):
    days = {(o.month, o.day): o.unit.code for o in Observance.objects.all()}
    assert days == {(7, 2): "police", (3, 12): "internal-troops"}


def test_uncertain_dates_are_marked(content):
    dates = {event.code: event.date for event in Event.objects.all()}
    assert dates["baku-police-disbanded"] == HistoricalDate("1917-11-13?")
    assert dates["commandant-office-established"] == HistoricalDate("1828/")
    assert dates["shusha-police-returns"] == HistoricalDate("2020/")
    assert dates["police-march"] is None


# --- people, partners, links --------------------------------------------------------------------


def test_the_minister_is_found_by_both_spellings(content):
    minister = Term.objects.get(post__code="minister").person
    assert minister.name_az == "Vilayət Eyvazov"
    assert "Vilayet Eyvazov" in minister.name_variants
    assert "President" in Post.objects.get(code="minister").how_filled_en
    assert Person.objects.count() == 4


def test_the_partners_of_the_seed_are_all_there(content):
    partners = ExternalBody.objects.filter(is_partner=True)
    assert list(partners.values_list("code", flat=True)) == [
        "interpol",
        "united-nations",
        "european-union",
        "osce",
        "european-council",
        "iom",
        "red-cross",
        "bsec",
        "economic-cooperation",
        "guam",
        "southeast-europe-initiative",
    ]


def test_links_lead_somewhere_or_are_the_two_titles_without_a_page(content):
    for link in Link.objects.select_related("target"):
        if link.target:
            assert link.target.is_public
            assert link.target != link.unit
    bare = Link.objects.filter(target__isnull=True, url="")
    assert set(bare.values_list("code", flat=True)) == {
        "mia-law-enforcement",
        "mia-opon",
        "mia-cabinet",
    }


def test_addresses_of_records_open(content, client):
    """Every record with a page of its own answers at it, in both languages."""
    for language in ("az", "en"):
        with translation.override(language):
            for record in every_record():
                if hasattr(record, "get_absolute_url"):
                    assert client.get(record.get_absolute_url()).status_code == 200, record


# --- the promise of a date that is only as exact as known -----------------------------------------


def test_a_text_gives_no_year_that_the_records_do_not_know(content):
    """Years in the texts are the seed's, or 1922 and the war years, which the texts explain."""
    seed = {
        1828,
        1840,
        1841,
        1917,
        1918,
        1920,
        1921,
        1936,
        1957,
        1961,
        1991,
        1992,
        2004,
        2011,
        2012,
        2020,
    }
    explained = {1922, 1941, 1945}
    found = set()
    for record, _field, texts in translated_texts():
        if record._meta.label_lower == "pages.page":
            continue
        for text in texts.values():
            found |= {int(year) for year in re.findall(r"\b(1[89]\d\d|20[0-4]\d)\b", text)}
    assert found <= seed | explained
