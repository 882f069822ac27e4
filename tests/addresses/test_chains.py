"""Whatever is renamed into whatever: one hop to the present address, or not found."""

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from publishing.models import RetiredCode, RetiredSlug
from tests.factories import make_unit, make_unit_kind
from units.models import Unit

SLUGS = "abcdef"
UNITS = range(3)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(UNITS),
        st.one_of(st.sampled_from(SLUGS), st.sampled_from(["draft", "published", "delete"])),
    ),
    max_size=14,
)


class Chains(TestCase):
    @given(steps=STEPS)
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_history_of_names(self, steps):
        """Three units renamed, hidden, published and deleted in turn."""
        self.wipe()
        kind = make_unit_kind()
        units = {n: make_unit(slug=f"start-{n}", code=f"u-{n}", kind=kind) for n in UNITS}
        borne = {f"start-{n}": n for n in UNITS}  # slug → who bore it last
        for n, step in steps:
            if units[n] is None:
                continue
            if step == "delete":
                units[n].delete()
                units[n] = None
            elif step in ("draft", "published"):
                Unit.objects.filter(pk=units[n].pk).update(status=step)
            else:
                units[n].slug = step
                units[n].refresh_from_db(fields=["status"])
                try:
                    units[n].full_clean()
                except ValidationError:
                    units[n].refresh_from_db()
                    continue
                units[n].save()
                borne[step] = n
        for slug, n in borne.items():
            self.check(slug, units[n])

    def wipe(self):
        Unit.objects.all().delete()
        RetiredSlug.objects.all().delete()
        RetiredCode.objects.all().delete()

    def check(self, slug, unit):
        if unit is not None:
            unit.refresh_from_db()
        answer = self.client.get(f"/en/units/{slug}/")
        if unit is None or unit.status != "published":
            assert answer.status_code == 404
        elif unit.slug == slug:
            assert answer.status_code == 200
        else:
            assert answer.status_code == 301
            assert answer["Location"] == unit.get_absolute_url()
            assert self.client.get(answer["Location"]).status_code == 200
