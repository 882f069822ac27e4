"""The comparison and the chart are found from where visitors look for them."""

import pytest

from tests.factories import make_unit

pytestmark = pytest.mark.django_db


def test_structure_and_site_map_lead_to_the_comparison(client):
    make_unit(name_en="Ministry", founded="1918")
    for path in ("/en/structure/", "/en/site-map/", "/en/history/"):
        assert 'href="/en/compare/"' in client.get(path).content.decode(), path
    assert 'href="/en/structure/chart/"' in client.get("/en/site-map/").content.decode()


def test_the_structure_of_a_past_date_is_compared_with_today(client):
    make_unit(name_en="Ministry", founded="1918")
    assert 'href="/en/compare/?from=1925&amp;to="' in (
        client.get("/en/structure/?on=1925").content.decode()
    )
