"""The form field and input in which dates are typed as people write them."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .dates import PERIOD_REFUSED, HistoricalDate, InvalidDate
from .display import display_typed
from .old_style import explanation
from .reading import Reading, understand

HELP_TEXT = _("For example 1992, June 2004, 28.05.1918, about 1840, 1840s, 25 October 1917 (O.S.).")
HELP_TEXT_PERIODS = _(
    "For example 1992, June 2004, 28.05.1918, about 1840, 1840s, 25 October 1917 (O.S.), "
    "before 1900, 1957–1961."
)


class HistoricalDateInput(forms.TextInput):
    """A text input with the reading of its text below it ("Understood as: 28 May 1918").

    The reading comes with the page; a small script also renews it while typing.
    """

    template_name = "chronology/date_input.html"

    class Media:
        js = ["chronology/date_input.js"]

    def format_value(self, value):
        return None if value in (None, "") else str(value)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        reading = _reading(value)
        context["reading"] = display_typed(reading.date) if reading else ""
        context["conversion"] = explanation(reading) if reading else ""
        try:
            context["reading_url"] = reverse("chronology:reading")
        except NoReverseMatch:
            context["reading_url"] = None  # a site without the endpoint: no live reading
        return context


def _reading(value):
    """The Reading of what an input shows; None where there is none: the form says what is wrong."""
    if isinstance(value, HistoricalDate):
        return Reading(value)
    try:
        return understand(str(value or ""))
    except InvalidDate:
        return None


def conversions_in(forms):
    """A sentence for each date in ``forms`` that was typed in Old Style, with its label.

    For those who saw no live reading: the saved page shows the day that was stored, and this says
    that it is the one that was typed.
    """
    for form in forms:
        for name, field in form.fields.items():
            if isinstance(field, HistoricalDateFormField):
                reading = _reading(form[name].data)
                if reading and reading.conversions:
                    yield f"{form[name].label}: {explanation(reading)}"


class HistoricalDateFormField(forms.Field):
    """Cleans what chronology.read_date() understands to a HistoricalDate, or None if empty."""

    widget = HistoricalDateInput

    def __init__(self, *, periods=False, help_text="", **kwargs):
        self.periods = periods
        examples = HELP_TEXT_PERIODS if periods else HELP_TEXT
        if help_text:
            examples = format_lazy("{} {}", help_text, examples)
        super().__init__(help_text=examples, **kwargs)

    def to_python(self, value):
        if isinstance(value, HistoricalDate):
            return value
        if value is None or not str(value).strip():
            return None
        try:
            reading = understand(str(value))
        except InvalidDate as error:
            raise error.as_validation_error() from error
        if reading.date.is_period and not self.periods:
            # A month Old Style is a period only after it was converted, so say that it was.
            words = format_lazy("{} {}", explanation(reading), PERIOD_REFUSED)
            raise ValidationError(words if reading.conversions else PERIOD_REFUSED, code="period")
        return reading.date

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
