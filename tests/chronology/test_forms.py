"""Typing a date: the form field, its input, the reading shown, and the endpoint behind it."""

import datetime
import re
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.admin import ModelAdmin, site
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given

from chronology import HistoricalDate, read_date
from chronology.forms import HistoricalDateFormField, HistoricalDateInput, conversions_in
from chronology.views import reading

from .models import Happening, Holding
from .strategies import dates


class HoldingForm(forms.ModelForm):
    class Meta:
        model = Holding
        fields = ["begin", "end", "until"]


class HappeningForm(forms.ModelForm):
    class Meta:
        model = Happening
        fields = ["date"]


def shown(form, name):
    """The widget's HTML and the words of its reading, None while that is hidden."""
    html = str(form[name])
    output = re.search(r"<output[^>]*>(.*?)</output>", html, re.DOTALL)
    hidden = re.search(r"<output[^>]* hidden", html)
    return html, None if hidden else re.sub(r"<[^>]+>", "", output[1])


def test_what_people_type_becomes_a_date():
    form = HoldingForm({"begin": " 28 may 1918-ci il", "end": "28.04.1920", "until": ""})
    assert form.is_valid(), form.errors
    holding = form.save(commit=False)
    assert (holding.begin.text, holding.end.text) == ("1918-05-28", "1920-04-28")
    assert holding.until is None
    assert holding.begin_earliest == datetime.date(1918, 5, 28)


def test_the_text_typed_may_be_longer_than_the_column():
    text = "from possibly about 28 September 1918 to possibly about 28 November 1920"
    form = HappeningForm({"date": text})
    assert form.fields["date"].clean(text).text == "1918-09-28%/1920-11-28%"
    assert "maxlength" not in str(HappeningForm()["date"])


def test_a_refused_text_stays_in_the_input_beside_the_sentence():
    form = HoldingForm({"begin": "03/04/1905"})
    assert not form.is_valid()
    assert "Write the month as a word" in form.errors["begin"][0]
    assert form.errors.as_data()["begin"][0].code == "ambiguous"
    html, words = shown(form, "begin")
    assert 'value="03/04/1905"' in html
    assert words is None


def test_periods_only_where_they_are_asked_for():
    form = HoldingForm({"begin": "1957–1961"})
    assert form.errors["begin"] == ["Write one date here, not a period."]
    with pytest.raises(ValidationError, match="not a period"):
        HistoricalDateFormField().clean("1957–1961")
    assert HappeningForm.base_fields["date"].clean("1957–1961").text == "1957/1961"


def test_a_missing_date_is_refused_where_one_is_needed():
    form = HappeningForm({"date": "  "})
    assert form.errors.as_data()["date"][0].code == "required"


def test_the_reading_is_shown_with_the_value():
    form = HoldingForm(instance=Holding(begin="1918-05-28"))
    html, words = shown(form, "begin")
    assert 'value="1918-05-28"' in html
    assert words == "Understood as: 28 May 1918"
    html, words = shown(form, "end")
    assert words is None
    assert "value=" not in html
    typed = HoldingForm({"begin": "iyun 2004", "end": "nonsense"})
    assert shown(typed, "begin")[1] == "Understood as: June 2004"


def test_a_day_old_style_is_shown_as_it_will_be_stored_and_said_to_be_converted():
    form = HoldingForm({"begin": "25 October 1917 (O.S.)", "until": "nonsense"})
    assert not form.is_valid()  # so the form comes back with what was typed
    assert form.cleaned_data["begin"].text == "1917-11-07"
    sentence = "25 October 1917 Old Style is 7 November 1917."
    assert shown(form, "begin")[1] == f"Understood as: 7 November 1917 {sentence}"
    assert json(ask("25 October 1917 (O.S.)"))["conversion"] == sentence
    with translation.override("az"):
        sentence = "Köhnə üslubla 25 oktyabr 1917-ci il yeni üslubla 7 noyabr 1917-ci il deməkdir."
        assert shown(form, "begin")[1] == f"Belə anlaşıldı: 7 noyabr 1917-ci il {sentence}"
        answer = json(ask("köhnə üslubla 25 oktyabr 1917"))
        assert (answer["edtf"], answer["conversion"]) == ("1917-11-07", sentence)


def test_after_saving_each_converted_date_is_told_with_its_label():
    typed = {"begin": "25 October 1917 (O.S.)", "end": "28 May 1918", "until": "x O.S."}
    assert list(conversions_in([HoldingForm(typed), HoldingForm(), HappeningForm({})])) == [
        "Begin: 25 October 1917 Old Style is 7 November 1917."
    ]


def test_a_month_old_style_is_two_parts_of_months():
    happening = HappeningForm({"date": "October 1917 O.S."})
    assert happening.is_valid()
    assert happening.cleaned_data["date"].text == "1917-10-14/1917-11-13"
    assert HoldingForm({"begin": "October 1917 O.S."}).errors["begin"] == [
        "October 1917 Old Style is 14 October 1917 – 13 November 1917. "
        "Write one date here, not a period."
    ]


def test_before_and_after_are_for_fields_that_take_periods():
    form = HappeningForm({"date": "before 1900"})
    assert form.is_valid()
    assert form.cleaned_data["date"].text == "/1899"
    assert shown(form, "date")[1] == "Understood as: in 1899 or earlier"
    assert shown(HappeningForm({"date": "1906/"}), "date")[1] == "Understood as: in 1906 or later"
    assert HoldingForm({"begin": "before 1900"}).errors["begin"] == [
        "Write one date here, not a period."
    ]


def test_the_input_is_labelled_escaped_and_free_of_inline_code():
    html, _words = shown(HoldingForm({"begin": '"><script>alert(1)</script>'}), "begin")
    assert "<script" not in html
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert '<output class="date-reading" for="id_begin"' in html
    assert HistoricalDateInput().media._js == ["chronology/date_input.js"]


def test_examples_are_part_of_the_help_text():
    assert "28.05.1918" in str(HoldingForm.base_fields["begin"].help_text)
    assert str(HoldingForm.base_fields["until"].help_text).startswith(
        "The first day outside. For example 1992"
    )
    assert "1957–1961" in str(HappeningForm.base_fields["date"].help_text)


def test_unchanged_dates_are_not_changes():
    field = HistoricalDateFormField(required=False)
    date = HistoricalDate("1918-05-28")
    assert not field.has_changed(date, "1918-05-28")
    assert not field.has_changed(date, "28 May 1918")
    assert not field.has_changed(None, "")
    assert field.has_changed(date, "1918-05-29")
    assert field.has_changed(date, "")
    assert field.has_changed(date, "nonsense")


@given(dates())
def test_every_date_comes_back_from_its_input_unchanged(date):
    field = HistoricalDateFormField(periods=True)
    shown = field.widget.format_value(field.prepare_value(date))
    assert field.clean(shown) == date
    assert not field.has_changed(date, shown)


def test_the_admin_uses_the_same_input():
    field = ModelAdmin(Holding, site).formfield_for_dbfield(
        Holding._meta.get_field("begin"), request=None
    )
    assert isinstance(field.widget, HistoricalDateInput)


def ask(text, **user):
    request = RequestFactory().get("/reading/", {"text": text})
    request.user = SimpleNamespace(is_active=True, is_staff=True, **user)
    return reading(request)


def json(response):
    import json

    return json.loads(response.content)


def test_the_endpoint_reads_in_both_languages():
    response = ask("28 may 1918")
    assert json(response) == {
        "ok": True,
        "edtf": "1918-05-28",
        "display": "28 May 1918",
        "display_az": "28 may 1918-ci il",
        "display_en": "28 May 1918",
        "conversion": "",
        "error": "",
    }
    assert "no-cache" in response["Cache-Control"]


def test_the_endpoint_says_what_is_wrong():
    answer = json(ask("03/04/1905"))
    assert answer["ok"] is False
    assert "Write the month as a word" in answer["error"]
    assert answer["edtf"] == answer["display_az"] == ""
    for text in ("", "\x00", "x" * 100_000):
        assert json(ask(text))["error"]


def test_the_endpoint_is_for_staff():
    for user in (AnonymousUser(), SimpleNamespace(is_active=True, is_staff=False),
                 SimpleNamespace(is_active=False, is_staff=True)):  # fmt: skip
        request = RequestFactory().get("/reading/", {"text": "1992"})
        request.user = user
        response = reading(request)
        assert response.status_code == 403
        assert json(response)["edtf"] == ""


def test_the_endpoint_takes_get_only():
    request = RequestFactory().post("/reading/", {"text": "1992"})
    assert reading(request).status_code == 405


def render(template, **context):
    return Template("{% load chronology %}" + template).render(Context(context))


NBSP = "\u00a0"


def test_the_filter():
    date = HistoricalDate("1918-05-28")
    assert render("{{ date|historical }}", date=date) == f"28{NBSP}May 1918"
    with translation.override("az"):
        assert render("{{ date|historical }}", date=date) == f"28{NBSP}may 1918-ci il"
    assert render("{{ date|historical }}", date=HistoricalDate("2004-06")) == "June 2004"
    assert render("{{ date|historical }}", date=None) == ""


def test_days_and_months_stay_together_and_can_still_be_read():
    text = render("{{ date|historical }}", date=HistoricalDate("1918-05-28/1920-04-08"))
    assert text == f"28{NBSP}May 1918 – 8{NBSP}April 1920"
    assert read_date(text).text == "1918-05-28/1920-04-08"
    text = render("{{ date|historical }}", date=HistoricalDate("0045"))
    assert NBSP not in text


def test_the_time_element_claims_only_what_is_known():
    def tag(text):
        return render("{% historical_time date %}", date=HistoricalDate(text))

    assert tag("1918-05-28") == f'<time datetime="1918-05-28">28{NBSP}May 1918</time>'
    assert tag("1992") == '<time datetime="1992">1992</time>'
    assert tag("1840~") == "<span>about 1840</span>"
    assert tag("1957/1961") == "<span>1957–1961</span>"
    assert render("{% historical_time date %}", date=None) == ""
    assert render("{% historical_time missing.date %}") == ""


def test_the_period_tag():
    context = {"begin": HistoricalDate("2004-06-01"), "end": HistoricalDate("2010"), "none": None}
    assert render("{% period begin end %}", **context) == f"1{NBSP}June 2004 – 2010"
    assert render("{% period begin none %}", **context) == f"since 1{NBSP}June 2004"
    assert render('{% period begin none "unknown" %}', **context) == (
        f"from 1{NBSP}June 2004 until an unknown date"
    )
    with translation.override("az"):
        assert render("{% period begin none %}", **context) == f"1{NBSP}iyun 2004-cü ildən"
        assert render('{% period none none empty="unknown" %}', **context) == "tarixi naməlum"
