"""The form field and input in which dates are typed as people write them."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .dates import HistoricalDate, InvalidDate
from .display import display
from .fields import PERIOD_REFUSED

HELP_TEXT = _("For example 1992, June 2004, 28.05.1918, about 1840, 1840s.")
HELP_TEXT_PERIODS = _("For example 1992, June 2004, 28.05.1918, about 1840, 1840s, 1957–1961.")


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
        context["reading"] = _reading(value)
        try:
            context["reading_url"] = reverse("chronology:reading")
        except NoReverseMatch:
            context["reading_url"] = None  # a site without the endpoint: no live reading
        return context


def _reading(value):
    if not isinstance(value, HistoricalDate):
        try:
            value = HistoricalDate.read(str(value or ""))
        except InvalidDate:
            return ""  # the form says what is wrong
    return display(value)


class HistoricalDateFormField(forms.Field):
    """Cleans what HistoricalDate.read() understands to a HistoricalDate, or None if empty."""

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
            date = HistoricalDate.read(str(value))
        except InvalidDate as error:
            raise error.as_validation_error() from error
        if date.is_period and not self.periods:
            raise ValidationError(PERIOD_REFUSED, code="period")
        return date

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
