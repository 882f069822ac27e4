"""Generated content of the whole site, as somebody could have typed it in the forms."""

import datetime

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from chronology import HistoricalDate
from history.models import Event, Participation
from publishing.richtext import sanitise
from publishing.text import invisible_character
from tests import factories
from tests.chronology.strategies import dates, singles
from units.first_public import refuse_vague_future
from units.models import Unit

# What spreadsheets, CSV, XML and JSON each have their trouble with.
AWKWARD = [
    "=1+1", "'=1+1", "''@x", "-5", "−5", "+994", "@cmd", '"quoted"', "a,b;c", "a\tb", "_x0041_",
    "<b>bold</b>", "&amp;", "Şəki 😀 👩‍👩‍👧", "وزارة الداخلية", "משרד הפנים", "0123", "1e5", "TRUE",
    "null", "yes", "1918-05-28", "'", "''", "\\", "İıƏə", "#REF!", "sep=;",
]  # fmt: skip

_characters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Mn"])


def line(max_size=30, min_size=0):
    text = st.text(_characters, max_size=max_size, min_size=min_size).map(str.strip)
    text = text.filter(lambda t: len(t) >= min_size and not invisible_character(t))
    visible = [word for word in AWKWARD if not invisible_character(word)]
    return st.one_of(text, st.sampled_from(visible)).map(lambda t: t[:100].strip())


def lines():
    return st.lists(line(), max_size=3).map(lambda parts: "\n".join(parts).strip())


def markdown():
    return lines().map(lambda text: sanitise(text).strip())


def title():
    return line(min_size=1).filter(bool)


def single():
    return st.one_of(st.just(None), singles())


def since():
    """Not of a day to come: forms and files refuse that."""
    known = ("1990", "1990?", "198X", "1918-05-28~", "/1950", "1957/1961?", "2020/")
    return st.sampled_from([None, *map(HistoricalDate, known)])


def row_begin():
    """The begin of a dated row without an end: forms and files refuse a vague one to come."""
    return single().filter(_is_accepted)


def _is_accepted(begin):
    try:
        refuse_vague_future(begin, None)
    except ValidationError:
        return False
    return True


def any_date():
    return st.one_of(st.just(None), dates())


def code():
    return st.one_of(
        st.from_regex(r"[A-Za-z0-9][A-Za-z0-9/:.#;\"_-]{0,12}[a-z0-9]", fullmatch=True), title()
    )


@st.composite
def sites(draw):
    """Plain values of a small site: to be stored with ``store``."""
    codes = draw(st.lists(code(), min_size=1, max_size=6, unique=True))
    units = []
    for n, own in enumerate(codes):
        begin, end = draw(single()), None
        units.append(
            {
                "code": own,
                "parent": draw(st.sampled_from([None, *range(n)])),
                "order": draw(st.integers(0, 3)),
                "name_az": draw(title()),
                "name_en": draw(line()),
                "short_name_az": draw(line()),
                "native_name": draw(line()),
                "summary_en": draw(lines()),
                "body_az": draw(markdown()),
                "mandate_en": draw(markdown()),
                "founded": begin,
                "dissolved": end,
                "name_since": draw(since()),
                "superior_since": draw(since()),
                "latitude": None,
                "longitude": None,
                "status": draw(st.sampled_from(["draft", "published", "archived"])),
            }
        )
        if draw(st.booleans()):
            units[-1]["latitude"] = draw(st.decimals(-90, 90, places=6))
            units[-1]["longitude"] = draw(st.decimals(-180, 180, places=6))
    events = [
        {
            "code": own,
            "title_az": draw(line()),
            "title_en": draw(title()),
            "summary_az": draw(lines()),
            "date": draw(any_date()),
            "weight": draw(st.integers(1, 3)),
            "taking_part": draw(
                st.lists(
                    st.tuples(
                        st.integers(0, len(codes) - 1),
                        st.sampled_from(["before", "after", "subject"]),
                    ),
                    unique=True,
                    max_size=4,
                )
            ),
            "bodies": draw(st.lists(st.sampled_from(["before", "after"]), unique=True)),
        }
        for own in draw(st.lists(code(), max_size=3, unique=True))
    ]
    return {
        "units": units,
        "events": events,
        "body": draw(code()),
        "person": {"name_az": draw(title()), "body_en": draw(markdown())},
        "former": {"name_az": draw(title()), "begin": draw(row_begin()), "note_en": draw(lines())},
        "figure": {
            "value": draw(st.integers(-(2**63), 2**63 - 1)),
            "label_en": draw(title()),
            "approximate": draw(st.booleans()),
        },
        "page": {"title_en": draw(title()), "body_en": draw(markdown())},
        "publish_at": draw(st.one_of(st.none(), st.datetimes(timezones=st.just(datetime.UTC)))),
    }


def store(site):
    """Write a generated site with the ORM, as forms would."""
    kind = factories.make_unit_kind(code="kind; 1")
    units = []
    for n, values in enumerate(site["units"]):
        values = dict(values)
        parent = values.pop("parent")
        units.append(
            factories.make_unit(
                slug=f"u-{n}", kind=kind, parent=None, publish_at=site["publish_at"], **values
            )
        )
        if parent is not None:
            unit = Unit.objects.get(pk=units[-1].pk)
            unit.parent = Unit.objects.get(pk=units[parent].pk)
            unit.save()
    body = factories.make_external_body(code=site["body"])
    source = factories.make_source(code="s;1") if hasattr(factories, "make_source") else None
    for values in site["events"]:
        values = dict(values)
        taking_part, bodies = values.pop("taking_part"), values.pop("bodies")
        event = factories.make_event(**values)
        Event.objects.get(pk=event.pk)
        if source:
            event.sources.add(source)
        for n, side in taking_part:
            Participation.objects.create(event=event, unit=units[n], side=side)
        for side in bodies:
            Participation.objects.create(event=event, external_body=body, side=side)
    factories.make_dated_name(units[0], **site["former"])
    factories.make_dated_superior(units[0], external_body=body, begin=HistoricalDate("1840~"))
    person = factories.make_person(**site["person"])
    post = factories.make_post(units[0], is_head=True)
    factories.make_term(post=post, person=person, begin=HistoricalDate("2019"))
    factories.make_figure(unit=units[0], **site["figure"])
    factories.make_page(**site["page"])
    factories.make_link(units[0], target=units[-1])
