"""The filter of the timeline: by kind, unit, era and words."""

from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from history.event_kinds import choices
from history.models import Era, Participation
from units.models import Unit

# A list of choices with more units than this would be larger than the page; words find the rest.
UNITS_OFFERED = 150


class TimelineFilter(forms.Form):
    """``?q=&kind=&unit=&era=``; made for the reader, who is offered only what may be seen.

    Anything that is not on offer is an error of its field, never of the server.
    """

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"max_length": _("Search for fewer words: 100 characters at most.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of event"),
        required=False,
        choices=lambda: [("", _("All kinds")), *choices()],
        error_messages={"invalid_choice": _("There is no such kind of event.")},
    )
    unit = forms.CharField(label=_("Unit"), required=False, widget=forms.Select)
    era = forms.ModelChoiceField(
        label=_("Era"),
        required=False,
        queryset=Era.objects.all(),
        to_field_name="slug",
        empty_label=_("All eras"),
        error_messages={"invalid_choice": _("There is no such era.")},
    )

    def __init__(self, query, *, as_of, user):
        super().__init__(query, auto_id="filter-%s")
        self.as_of, self.user = as_of, user
        self.fields["unit"].widget.choices = self._offered_units()

    def _offered_units(self):
        """(slug, name) of the units that have events, in the order of the tree."""
        seen = Participation.objects.visible_to(self.user).filter(unit__isnull=False)
        units = list(
            Unit.objects.filter(pk__in=seen.values("unit")).order_by("tree_id", "lft")[
                :UNITS_OFFERED
            ]
        )
        chosen = self.data.get("unit", "")
        if chosen and chosen not in {unit.slug for unit in units}:
            units += Unit.objects.visible_to(self.user).filter(slug=chosen[:100])
        return [("", _("All units")), *((unit.slug, self.as_of.name(unit)) for unit in units)]

    def clean_unit(self):
        """The unit that is chosen, or None."""
        slug = self.cleaned_data["unit"]
        if not slug:
            return None
        unit = Unit.objects.visible_to(self.user).filter(slug=slug[:100]).first()
        if unit is None or unit.slug != slug:
            raise forms.ValidationError(_("There is no such unit."))
        return unit

    @classmethod
    def asked_in(cls, query):
        """Whether an address asks for less than everything."""
        return any(query.get(name, "").strip() for name in cls.base_fields)

    @property
    def kept(self):
        """``?kind=…``: the choice as the end of an address, for links that keep it; or ""."""
        asked = {name: self.data.get(name, "").strip() for name in self.fields}
        asked = {name: value[:200] for name, value in asked.items() if value}
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def is_used(self):
        """Whether the reader asked for less than everything."""
        return self.asked_in(self.data)

    def narrow(self, events):
        """The events that pass, whatever their era; none if the question makes no sense."""
        if not self.is_valid():
            return events.none()
        chosen = self.cleaned_data
        if chosen["kind"]:
            events = events.filter(kind=chosen["kind"])
        if chosen["unit"]:
            events = events.with_unit(chosen["unit"])
        if chosen["q"]:
            events = events.matching(chosen["q"], self.user)
        return events

    def narrow_to_era(self, events):
        """The same, and of the chosen era alone where one is chosen."""
        events = self.narrow(events)
        return events.filter(era=self.chosen_era) if self.chosen_era else events

    def page_parameters(self, number):
        """The parameters by which the page of an era has an address of its own: not those that
        only leave events out of it."""
        narrowed = any(self.data.get(name, "").strip() for name in self.fields if name != "era")
        era = self.chosen_era
        return {"era": era and era.slug, "page": 1 if narrowed else number}

    @property
    def chosen_era(self):
        return self.cleaned_data.get("era") if self.is_valid() else None
