"""Yearly days, anniversaries and figures."""

import datetime

import pytest
from django.utils import timezone

from history.models import Event, Observance
from history.templatetags.history_tags import years_at_next
from tests.factories import make_event, make_figure, make_observance, make_unit

pytestmark = pytest.mark.django_db
MAY_28 = datetime.date(2026, 5, 28)


def recalled(year, month, day):
    return {event.code for event in Event.objects.recalled_on(datetime.date(year, month, day))}


@pytest.mark.parametrize(
    "date",
    ["1918-05", "1918", "1918-05-28~", "1918-05-28?", "1918-05-28/1918-05-28",
     "1917/1918-05-28", "1918-05-28/..", ""],
)  # fmt: skip
def test_only_a_certain_day_has_an_anniversary(date):
    make_event(code="vague", date=date)
    make_event(code="exact", date="1918-05-28")
    assert recalled(2026, 5, 28) == {"exact"}
    assert Event.objects.days_of_the_year() == {(5, 28)}


def test_29_february_is_recalled_on_the_28th_of_a_common_year():
    make_event(code="leap", date="1992-02-29")
    make_event(code="usual", date="1993-02-28")
    assert recalled(2028, 2, 29) == {"leap"}
    assert recalled(2028, 2, 28) == {"usual"}
    assert recalled(2027, 2, 28) == {"leap", "usual"}
    assert recalled(2027, 3, 1) == set()


def test_a_yearly_day_on_29_february_is_kept_every_year():
    day = make_observance(month=2, day=29)
    kept = Observance.objects.kept_on
    assert kept(datetime.date(2027, 2, 28)).get() == day
    assert not kept(datetime.date(2028, 2, 28)).exists()
    assert kept(datetime.date(2028, 2, 29)).get() == day
    assert day.next_after(datetime.date(2026, 11, 22)) == datetime.date(2027, 2, 28)
    assert day.next_after(datetime.date(2027, 2, 28)) == datetime.date(2028, 2, 29)


def test_days_ahead_go_on_into_the_next_year_and_do_not_count_today():
    for month, day in ((1, 1), (3, 12), (7, 2), (11, 22)):
        make_observance(code=f"{month}-{day}", month=month, day=day)
    ahead = Observance.objects.ahead_of(datetime.date(2026, 7, 2), 3)
    assert [one.code for one in ahead] == ["11-22", "1-1", "3-12"]
    ahead = Observance.objects.ahead_of(datetime.date(2026, 11, 22), 9)
    assert [one.code for one in ahead] == ["1-1", "3-12", "7-2"]


def test_the_28th_of_a_common_february_is_the_29th_s_day_and_not_ahead_of_it():
    make_observance(month=2, day=29)
    assert Observance.objects.ahead_of(datetime.date(2027, 2, 28), 3) == []


def test_the_page_shows_today_what_is_kept_and_what_happened(read, today_is, ministry):
    today_is(2026, 5, 28)
    make_observance(title_en="Day of the Republic", month=5, day=28, unit=ministry)
    make_observance(title_en="Police Day", month=7, day=2)
    make_event(title_en="The founding", date="1918-05-28", concerned=[ministry])
    make_event(title_en="Only a month", date="1918-05")
    page = read("days/")
    assert '<time datetime="05-28">28\N{NO-BREAK SPACE}May</time>' in page
    assert "Day of the Republic" in page
    assert "The founding" in page
    assert "Only a month" not in page
    assert "in 35 days" in page
    assert 'aria-current="date"' in page
    assert page.count('<li class="month">') == 12


def test_another_day_can_be_asked_for(read, today_is):
    today_is(2026, 5, 28)
    make_event(title_en="In November", date="1992-11-24")
    assert "In November" not in read("days/")
    page = read("days/?day=11-24")
    assert "In November" in page
    assert "Back to today" in page


@pytest.mark.parametrize(
    "asked", ["13-01", "02-30", "00-00", "x", "1-1", "11-24-1992", "٠٥-٢٨", "9" * 5000, "05-28%0A"]
)
def test_what_is_no_day_is_told_and_today_is_shown(read, today_is, asked):
    today_is(2026, 5, 28)
    page = read(f"days/?day={asked}")
    assert "This is not a day of the year." in page
    assert "28\N{NO-BREAK SPACE}May" in page


def test_29_february_can_be_asked_for_in_any_year(read, today_is):
    today_is(2027, 5, 28)
    make_event(title_en="A leap", date="1992-02-29")
    page = read("days/?day=02-29")
    assert "A leap" in page
    assert "This is not a day" not in page


def test_months_are_small_letters_in_azerbaijani(client, today_is):
    today_is(2026, 5, 28)
    make_observance(month=7, day=2)
    page = client.get("/az/days/").content.decode()
    assert ">iyul</h3>" in page
    assert "2\N{NO-BREAK SPACE}iyul</time>" in page


def test_no_draft_shows_among_the_days(read, today_is, ministry):
    today_is(2026, 5, 28)
    hidden = make_unit(name_en="Gizlin unit", status="draft")
    origin = make_event(title_en="Gizlin event", date="1918-05-28", status="draft")
    make_observance(title_en="Gizlin day", month=5, day=28, status="draft")
    make_observance(title_en="Open day", month=5, day=28, unit=hidden, origin=origin)
    page = read("days/")
    assert "Gizlin" not in page
    assert "Open day" in page


def test_the_number_of_queries_for_days_does_not_grow(client, django_assert_max_num_queries):
    make_observance()
    make_event(date="1918-05-28")
    with django_assert_max_num_queries(14) as few:
        client.get("/en/days/?day=05-28")
    for number in range(1, 20):
        make_observance(month=5, day=number, unit=make_unit())
        make_event(date=f"19{number + 10}-05-28", concerned=[make_unit()])
    # Units, events of the first links, whether a row is due, the institution among many at the top.
    with django_assert_max_num_queries(len(few) + 7):
        client.get("/en/days/?day=05-28")


# --- Figures ---------------------------------------------------------------------------------


def test_a_figure_says_what_it_counts_and_whether_it_is_approximate(client, read, ministry):
    event = make_event(title_en="The war", title_az="Müharibə")
    make_figure(value=932, label_en="killed", note_en="In the war.", event=event)
    make_figure(value=800, label_en="decorated", approximate=True, unit=ministry)
    make_figure(value=12345, label_en="staff")
    page = read("figures/")
    for words in ("932", ">killed<", "In the war.", ">The war</a>", ">Ministry</a>", "12,345"):
        assert words in page
    assert '<span class="figure-about">about </span>800' in page
    assert "12\N{NO-BREAK SPACE}345" in client.get("/az/figures/").content.decode()


def test_no_draft_shows_among_the_figures(read):
    make_figure(label_en="Gizlin figure", status="draft")
    make_figure(
        label_en="Open",
        event=make_event(title_en="Gizlin event", status="draft"),
        unit=make_unit(name_en="Gizlin unit", status="draft"),
    )
    page = read("figures/")
    assert "Open" in page
    assert "Gizlin" not in page


def test_without_figures_the_page_says_so(read):
    assert "No figures are published yet." in read("figures/")


def test_the_number_of_queries_for_figures_does_not_grow(client, django_assert_max_num_queries):
    make_figure(event=make_event(), unit=make_unit())
    with django_assert_max_num_queries(10) as few:
        client.get("/en/figures/")
    for _number in range(15):
        make_figure(event=make_event(), unit=make_unit())
    with django_assert_max_num_queries(len(few)):
        client.get("/en/figures/")


def test_the_next_anniversaries_go_on_into_the_next_year_and_leave_out_today():
    for date in ("1918-05-28", "1991-10-18", "1841-01-01", "1992-11-24", "2004-06"):
        make_event(code=date, date=date)
    after = Event.objects.recalled_after
    codes = [event.code for event in after(datetime.date(2026, 10, 18), 3)]
    assert codes == ["1992-11-24", "1841-01-01", "1918-05-28"]
    assert [event.code for event in after(datetime.date(2026, 12, 31), 1)] == ["1841-01-01"]


def test_no_anniversary_lies_ahead_without_events_known_to_the_day():
    make_event(date="1918")
    assert Event.objects.recalled_after(MAY_28, 3) == []


@pytest.mark.parametrize(
    ("today", "years"),
    [((2026, 5, 27), 108), ((2026, 5, 28), 109), ((2026, 12, 31), 109), ((2027, 1, 1), 109)],
)
def test_the_years_of_an_anniversary_are_counted_to_the_next_one(today, years):
    event = make_event(date="1918-05-28")
    assert years_at_next(event, datetime.date(*today)) == years


def test_the_next_anniversaries_show_no_draft(client):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    day = f"1992-{tomorrow:%m-%d}"  # a leap year has every day
    make_event(code="seen", date=day, title_az="Görünən")
    make_event(code="hidden", date=day, title_az="Gizlin", status="draft")
    page = client.get("/az/").content.decode()
    assert "Görünən" in page
    assert "Gizlin" not in page
