"""What is asked before a file is made."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exchange.desk.exports import words

CODES = "codes"


def headings():
    """The choices of what stands above the columns."""
    return [*settings.LANGUAGES, (CODES, _("Short codes (code, founded …)"))]


class ExportForm(forms.Form):
    """Format, headings, and which records where there is a choice."""

    scope = forms.ChoiceField(label=_("Which records"), widget=forms.RadioSelect)
    file_format = forms.ChoiceField(label=_("What kind of file"), widget=forms.RadioSelect)
    headings = forms.ChoiceField(
        label=_("Names of the columns"),
        widget=forms.RadioSelect,
        help_text=_("An import understands all of them."),
    )

    def __init__(self, *args, kind, scopes, **kwargs):
        super().__init__(*args, **kwargs)
        self.scopes = {scope.key: scope for scope in scopes}
        self.fields["scope"].choices = [(s.key, words.scope_words(s)) for s in scopes]
        self.fields["scope"].initial = scopes[0].key
        formats = words.formats_of(kind)
        self.fields["file_format"].choices = [(f, words.FORMATS[f][0]) for f in formats]
        self.fields["file_format"].initial = formats[0]
        self.fields["headings"].choices = headings()
        self.fields["headings"].initial = get_language()

    @property
    def format_choices(self):
        """The radio buttons of the formats with what each is good for."""
        return [
            (button, words.FORMATS[key][1])
            for (key, _label), button in zip(
                self.fields["file_format"].choices, self["file_format"], strict=True
            )
        ]

    @property
    def scope_chosen(self):
        return self.scopes[self.cleaned_data["scope"]]

    @property
    def language(self):
        chosen = self.cleaned_data["headings"]
        return None if chosen == CODES else chosen
