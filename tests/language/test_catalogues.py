"""What the message catalogues promise: whole, compiled, collected from today's sources."""

import gettext
import os
import re
import shutil
import subprocess
import sys
import warnings

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as translate
from django.utils.translation import ngettext, pgettext

from chronology import InvalidDate, read_date
from scripts import catalogues

FILES = sorted([*catalogues.OURS.glob("*.po"), *catalogues.LIBRARIES.glob("*.po")])
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%%|%[sdr]|\{\w*\}")

each_file = pytest.mark.parametrize(
    "file", FILES, ids=[f"{file.parts[-4]}/{file.name}" for file in FILES]
)


def test_there_are_catalogues_for_us_and_for_the_libraries():
    names = {(file.parts[-4], file.name) for file in FILES}
    assert names >= {
        ("locale", "django.po"),
        ("locale_vendor", "django.po"),
        ("locale_vendor", "djangojs.po"),
    }
    assert len(catalogues.read(catalogues.OURS / "django.po")) > 600


@each_file
def test_nothing_is_untranslated_fuzzy_or_obsolete(file):
    unfinished = [
        message.key for message in catalogues.read(file).values() if not message.is_complete
    ]
    assert unfinished == []
    assert "\n#~" not in file.read_text(encoding="utf-8")


@each_file
def test_the_compiled_catalogue_is_the_written_one(file):
    with file.with_suffix(".mo").open("rb") as compiled:
        found = dict(gettext.GNUTranslations(compiled)._catalog)
    found.pop("")
    written = {}
    for message in catalogues.read(file).values():
        name = f"{message.context}\x04{message.id}" if message.context else message.id
        if message.plural:
            written |= {(name, form): text for form, text in message.texts.items()}
        else:
            written[name] = message.texts[0]
    assert found == written, "Run: make messages"


@each_file
def test_plural_forms_are_those_of_django_or_they_would_not_be_merged(file):
    theirs = catalogues.PACKAGES / "django/conf/locale/az/LC_MESSAGES/django.po"
    rule = re.compile(r"Plural-Forms: ([^\\]+)")
    assert rule.search(file.read_text())[1] == rule.search(theirs.read_text())[1]


@each_file
def test_what_is_put_in_is_the_same_in_both_languages(file):
    wrong = []
    for message in catalogues.read(file).values():
        last = message.plural or message.id
        for form, text in message.texts.items():
            expected = {*PLACEHOLDER.findall(last)}
            alternatives = (
                [expected, {*PLACEHOLDER.findall(message.id)}] if form == 0 else [expected]
            )
            if {*PLACEHOLDER.findall(text)} not in alternatives:
                wrong.append((message.id, text))
    assert wrong == []


@each_file
def test_no_suffix_is_joined_to_what_is_put_in(file):
    """The vowels of an inserted word are not known, so no ending can be right for all."""
    joined = re.compile(
        r"(%\(\w+\)[sd]|\{\w+\})['’-]?[a-zəıöüğşç]|\b\w*d[aə]n/d[aə]n|\(y\)|/l[aə]r|d[ıi]r/d[ıi]r"
    )
    wrong = [
        text
        for message in catalogues.read(file).values()
        for text in message.texts.values()
        if (found := joined.search(text)) and found[0] not in message.id
    ]
    assert wrong == []


def test_plural_and_context_are_found_through_django():
    with translation.override("az"):
        assert (
            ngettext("%(count)s unit below", "%(count)s units below", 5) == "%(count)s tabe qurum"
        )
        assert pgettext("of a record", "History") == "Dəyişikliklər"
        assert translate("History") == "Tarix"


def test_every_text_of_the_libraries_has_its_azerbaijani():
    assert [f"{package}: {message.id}" for package, message in catalogues.lacking()] == []


def test_no_translation_is_kept_for_what_no_library_says():
    assert [message.id for message in catalogues.no_longer_said()] == []


def test_months_and_days_of_the_libraries_are_written_small():
    with translation.override("az"):
        for name in ("January", "May", "December", "Monday", "Sunday"):
            assert translate(name)[0].islower(), name
        assert pgettext("alt. month", "June") == "iyun"


def test_names_of_kinds_and_fields_get_the_right_capital():
    """``capfirst`` makes I of i, so names in i are written with İ (docs/glossary-az.md)."""
    labels = {"units", "people", "history", "pages", "publishing", "auth"}
    with translation.override("az"):
        names = {
            str(name)
            for model in apps.get_models()
            if model._meta.app_label in labels
            for owner in (model._meta, *model._meta.get_fields())
            for attribute in ("verbose_name", "verbose_name_plural")
            if (name := getattr(owner, attribute, None))
        }
    assert len(names) > 100
    assert [name for name in names if name.startswith("i")] == []


def test_the_examples_of_dates_can_be_read():
    """What a help text or a refusal tells people to write is understood as meant."""
    with translation.override("az"):
        texts = [
            translate(
                "This cannot be read as a date. Write, for example, 1992, June 2004, 28.05.1918, "
                "about 1840, 1840s, 20th century or 1957–1961."
            ),
            translate(
                "For example 1992, June 2004, 28.05.1918, about 1840, 1840s, "
                "25 October 1917 (O.S.), before 1900, 1957–1961."
            ),
        ]
    for text in texts:
        examples = text.rpartition(": ")[2].rstrip(".").replace(" və ya ", ", ").split(", ")
        read = [read_date(example).text for example in examples]
        assert read[:5] == ["1992", "2004-06", "1918-05-28", "1840~", "184X"]
        assert read[-1] == "1957/1961"
    assert read[5:7] == ["1917-11-07", "/1899"]


def test_the_way_out_of_an_unclear_period_can_be_read():
    with translation.override("az"):
        with pytest.raises(InvalidDate) as refusal:
            read_date("təxminən 1840-cı il – 1850-ci il")
        advice = re.findall("“([^”]+)”", str(refusal.value))
    assert [read_date(one).text for one in advice] == ["1840~/1850", "1840~/1850~"]


@pytest.mark.parametrize("language", ["az", "en"])
@pytest.mark.parametrize(
    ("text", "example", "date"),
    [
        ("before about 1900", r"\((.+?)\)", "/1899"),
        ("before about 1900", "“([^”]+)”[^“]*$", "/1900~"),
        ("1917 (O.S.)", r"(25 .+? 1917 \(.+?\))", "1917-11-07"),
    ],
)
def test_the_way_out_of_other_refusals_can_be_read(language, text, example, date):
    with translation.override(language), pytest.raises(InvalidDate) as refusal:
        read_date(text)
    with translation.override(language):
        advice = re.search(example, str(refusal.value))[1]
    assert read_date(advice).text == date


@pytest.mark.parametrize("language", ["az", "en"])
def test_the_marks_that_a_refusal_asks_for_are_understood(language):
    with translation.override(language), pytest.raises(InvalidDate) as refusal:
        read_date("25 October 1917 – 7 January 1918 (O.S.)")
    with translation.override(language):
        old, new = re.findall(r"\(.+?\)", str(refusal.value))
    read = read_date(f"25 October 1917 {old} – 28 May 1918 {new}")
    assert read.text == "1917-11-07/1918-05-28"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The messages that `make messages` would find in the sources now."""
    if not shutil.which("xgettext"):
        message = "xgettext is not installed: the texts were NOT collected anew."
        if os.environ.get("CI"):
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    copy = tmp_path_factory.mktemp("sources")
    apps = [app for app in settings.INSTALLED_APPS if (settings.BASE_DIR / app).is_dir()]
    for folder in (*apps, "templates", "static", "scripts"):
        shutil.copytree(settings.BASE_DIR / folder, copy / folder)
    (copy / "locale").mkdir()
    # Without our settings: Django's own defaults write into the copy's "locale".
    environment = {key: text for key, text in os.environ.items() if "DJANGO_SETTINGS" not in key}
    collect = [sys.executable, "-m", "django", "makemessages", "--locale", "az", "--no-location"]
    for domain in ("django", "djangojs"):
        subprocess.run(
            [*collect, "--domain", domain],
            cwd=copy,
            env=environment,
            check=True,
            capture_output=True,
        )
    found = copy / "locale" / "az" / "LC_MESSAGES"
    return {file.name: catalogues.read(file) for file in found.glob("*.po")}


def test_every_text_of_the_sources_is_in_the_catalogue_and_no_other(collected):
    assert len(collected["django.po"]) > 600
    for name, messages in collected.items():
        ours = catalogues.read(catalogues.OURS / name)
        assert sorted(map(str, messages.keys() - ours.keys())) == [], "Run: make messages"
        assert sorted(map(str, ours.keys() - messages.keys())) == [], "Run: make messages"
