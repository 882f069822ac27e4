"""Hypothesis strategies for dates, in EDTF text."""

import calendar

from hypothesis import assume
from hypothesis import strategies as st

from chronology import HistoricalDate, InvalidDate

ALL_YEARS = st.integers(1, 9999)
QUALIFIERS = st.sampled_from(["", "", "", "?", "~", "%"])


@st.composite
def plain_texts(draw, years=ALL_YEARS, qualifiers=QUALIFIERS):
    year = draw(years)
    text = f"{year:04}"
    precision = draw(st.sampled_from(["year", "month", "day"]))
    if precision != "year":
        month = draw(st.integers(1, 12))
        text += f"-{month:02}"
        if precision == "day":
            text += f"-{draw(st.integers(1, calendar.monthrange(year, month)[1])):02}"
    return text + draw(qualifiers)


def vague_texts(years):
    return st.one_of(
        years.map(lambda year: f"{year // 10:03}X"), years.map(lambda year: f"{year // 100:02}XX")
    )


def single_texts(years=ALL_YEARS):
    return st.one_of(plain_texts(years), plain_texts(years), vague_texts(years))


def singles(years=ALL_YEARS):
    return single_texts(years).map(HistoricalDate.parse)


@st.composite
def periods(draw, years=ALL_YEARS):
    ends = [
        draw(st.one_of(single_texts(years), single_texts(years), st.sampled_from(["", ".."])))
        for _ in range(2)
    ]
    for text in ("/".join(ends), "/".join(reversed(ends))):
        try:
            return HistoricalDate.parse(text)
        except InvalidDate:
            continue
    assume(False)


def dates(years=ALL_YEARS):
    return st.one_of(singles(years), periods(years))
