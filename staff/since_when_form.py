"""The question what changed values mean that readers have seen, as a form: a part of every form in
which it is asked, of one record or of a whole file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chronology.forms import HistoricalDateFormField


class SinceWhenForm(forms.Form):
    """Since when something has changed; a form of its own says what it may mean otherwise.

    It brings ``meant``, a choice of radio buttons of which ``CHANGE`` is one, ``legend``, the
    question, and ``hints``: ``{choice: what comes of it}`` in the order of the page. Shown by
    ``admin/_since_when.html``, which its template extends.
    """

    CHANGE = "change"

    since = HistoricalDateFormField(label=_("Since"), required=False, periods=True)
    announced = forms.BooleanField(
        label=_("If this day is still to come: announce it now"),
        help_text=_("Otherwise only editors see it before its day."),
        required=False,
    )

    field_order = ("meant", "since", "announced")
    legend = ""
    hints = {}

    class Media:
        css = {"all": ["admin_site/since_when.css"]}

    @property
    def choices(self):
        """``[(radio button, hint, whether a date belongs to it)]`` in the order of the page."""
        radios = {radio.data["value"]: radio for radio in self["meant"].subwidgets}
        return [(radios[one], hint, one == self.CHANGE) for one, hint in self.hints.items()]
