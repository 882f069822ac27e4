"""Addresses that imports take without looking closer are ones that the site takes anyway."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from exchange.columns.texts import _PLAIN_ADDRESS, unless_plain
from publishing.fields import WebAddressField

(check,) = WebAddressField.default_validators


@given(st.from_regex(_PLAIN_ADDRESS, fullmatch=True).filter(lambda text: len(text) <= 200))
def test_whatever_is_plain_passes_the_full_check(text):
    check(text)


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "ftp://a.az/", "https://a", "https://-a.az", "http://a.az\n", "a.az",
     "https://a..az/", "https://a.az/\u200b b", "https://a.az:999999/"],
)  # fmt: skip
def test_everything_else_is_looked_at(text):
    with pytest.raises(ValidationError):
        unless_plain(check)(text)


def test_addresses_that_are_not_plain_may_be_right():
    unless_plain(check)("https://əliyev.az/?a=b#c")
