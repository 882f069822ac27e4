"""Every fact of the seed can be read on a public page, in both languages."""

import re
from html import unescape

import pytest

from tests.content.seed_facts import SEED_FACTS


def words(html):
    """The text of a page's main part as one line, without tags."""
    main = re.search(r"<main\b.*?</main>", html, re.DOTALL)
    assert main, "the page has no main part"
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(re.sub(r"<[^>]+>|\u00ad", "", main[0])))


@pytest.mark.parametrize("language", ["az", "en"])
def test_every_fact_stands_on_its_page(content, client, language):
    pages, missing = {}, []
    for fact, path, az, en in SEED_FACTS:
        address = f"/{language}{path}"
        if address not in pages:
            answer = client.get(address)
            assert answer.status_code == 200, address
            pages[address] = words(answer.content.decode())
        needle = az if language == "az" else en
        if needle not in pages[address]:
            missing.append(f"{fact}: no “{needle}” on {address}")
    assert missing == []


def test_a_fact_that_does_not_stand_there_would_be_found(content, client):
    """The search above reads what visitors read: not the head of the page, not the navigation."""
    page = words(client.get("/en/units/ministry/").content.decode())
    assert "28 May 1918" in page
    assert "29 May 1918" not in page
    assert "stylesheet" not in page
