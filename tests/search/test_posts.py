"""A person is found by the posts held, as far as the reader may see them; also on a date."""

import csv
from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

import exchange
from chronology import HistoricalDate
from exchange.writing.apply import run
from people.models import Person, Post
from search import upkeep
from search.finding import search, suggest
from search.models import SearchEntry
from structure.as_of import AsOf
from tests.factories import make_person, make_post, make_staff, make_term, make_unit
from tests.visibility.records import hidden_states

pytestmark = pytest.mark.django_db


def asked(typed, on=None, **options):
    on = HistoricalDate.parse(on) if on else None
    return search(typed, as_of=AsOf(on, None), **options)


def wrong_entries():
    return sum(number for _kind, number in upkeep.differences())


@pytest.fixture
def minister():
    """Two ministers one after another, and a head of something small."""
    ministry = make_unit(code="mia", name_az="Daxili İşlər Nazirliyi", name_en="Interior office")
    post = make_post(ministry, code="m", title_az="Daxili işlər naziri", title_en="Minister")
    make_term(post, make_person(code="old", name_en="Kestrel"), begin="1920", end="1990")
    make_term(post, make_person(code="new", name_en="Merlin"), begin="1990", code="t")
    small = make_post(make_unit(parent=ministry), title_az="Rəis", title_en="Head")
    make_term(small, make_person(code="head"), begin="2000")
    return post


def test_the_holder_of_a_post_is_found_the_one_in_office_first(find, minister):
    with override("en"):
        assert find("minister") == ["new", "old"]
        assert find("head") == ["head"]
    with override("az"):
        assert find("nazir") == ["mia", "new", "old"]  # begins both names
        assert find("reis") == ["head"]
    assert find("minister merlin") == ["new"]
    assert find("minister", kind="person") == ["new", "old"]
    assert [hit.record.code for hit in suggest("minister", AsOf(None, None))] == ["new", "old"]


def test_for_the_words_of_its_name_the_unit_stands_before_its_head(find, minister):
    ministry = minister.unit
    ministry.name_en = "Ministry of Internal Affairs of the Republic of Azerbaijan"
    ministry.save()
    minister.title_en = "Minister of Internal Affairs"
    minister.save()
    with override("en"):
        assert find("internal affairs")[:2] == ["mia", "new"]
        assert find("internal affa")[:2] == ["mia", "new"]
        assert find("minister of internal affairs")[0] == "new"
    with override("az"):
        assert find("daxili isler")[:2] == ["mia", "new"]


def test_on_a_date_whoever_held_it_then_comes_first(minister):
    found = asked("minister", on="1958")
    assert [hit.record.code for hit in found.hits] == ["old", "new"]
    found = asked("minister", on="1958", existing=True)
    assert [hit.record.code for hit in found.hits] == ["old"]


def test_a_person_found_by_name_and_by_several_posts_is_one_hit(find, minister):
    other = make_post(make_unit(), title_en="Minister of State")
    person = Person.objects.get(code="new")
    make_term(other, person, begin="1980", end="1990")
    person.name_en = "Merlin Minister"
    person.save()
    found = asked("minister", kind="person")
    assert [hit.record.code for hit in found.hits] == ["new", "old"]
    assert [(count.key, count.count) for count in found.counts] == [("person", 2)]
    assert found.total == 2


def test_the_hit_says_which_post_in_which_unit_and_when(client, minister):
    page = client.get("/en/search/?q=minister").content.decode().split("<main")[1]
    first = page[page.index('<li class="hit">') : page.index("</li>", page.index('class="hit"'))]
    for part in ("Merlin", "<mark>Minister</mark>", "Interior office", "1990"):
        assert part in first
    assert "hit-post" not in client.get("/en/search/?q=merlin").content.decode()


@pytest.mark.parametrize("state", [*hidden_states()])
def test_posts_of_hidden_units_and_terms_of_hidden_people_are_not_found(client, state):
    hidden = make_unit(**hidden_states()[state])
    seen = make_person(code="seen", name_en="Kestrel")
    make_term(make_post(hidden, title_en="Gizlinxyz"), seen)
    unseen = make_person(code="unseen", name_en="Hiddenname", **hidden_states()[state])
    make_term(make_post(make_unit(), title_en="Gizlinxyz"), unseen)
    for typed in ("gizlinxyz", "gizlin", "gizlinxzy", "kestrel gizlinxyz zzz"):
        found = asked(typed)
        assert "gizlinxyz" not in found.corrected
        assert [hit.record.code for hit in found.hits if not found.any_word] == []
        assert b"unseen" not in client.get("/en/search/", {"q": typed}).content
        assert b"Hiddenname" not in client.get("/en/search/", {"q": typed}).content
    assert b"Gizlinxyz" not in client.get("/en/search/?q=kestrel").content
    boss = AsOf(None, make_staff())
    assert {hit.record.code for hit in search("gizlinxyz", as_of=boss).hits} == {"seen", "unseen"}


def test_a_scheduled_unit_brings_its_posts_when_its_hour_has_come():
    unit = make_unit(**hidden_states()["scheduled"])
    make_term(make_post(unit, title_en="Falconer"), make_person(code="p"))
    assert not asked("falconer").hits
    later = timezone.now() + timedelta(hours=2)
    with mock.patch("django.utils.timezone.now", return_value=later):
        assert [hit.record.code for hit in asked("falconer").hits] == ["p"]


# --- In step --------------------------------------------------------------------------------


def test_posts_terms_and_people_that_are_saved_or_deleted(find, minister):
    minister.title_en = "Falconer"
    minister.save()
    assert (find("minister"), find("falconer")) == ([], ["new", "old"])
    minister.title_en = "Warden"
    minister.save(update_fields=["title_en"])
    assert (find("falconer"), find("warden")) == ([], ["new", "old"])
    term = minister.terms.get(code="t")
    term.person = Person.objects.get(code="head")
    term.save()
    assert find("warden") == ["head", "old"]
    term.post = Post.objects.get(title_en="Head")
    term.save(update_fields=["post"])
    assert find("warden") == ["old"]
    person = Person.objects.get(code="old")
    person.name_en = "Goshawk"
    person.save()
    assert find("warden goshawk") == ["old"]
    assert wrong_entries() == 0
    minister.delete()
    assert find("warden") == []
    term.delete()
    assert wrong_entries() == 0
    assert not SearchEntry.objects.filter(name__contains="warden").exists()


def imported(tmp_path, kind, *rows):
    path = tmp_path / f"{kind}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    plan, applied = run(exchange.read(path, kind))
    assert applied, [str(problem) for problem in plan.problems]


def test_bulk_imports(tmp_path, find, minister):
    imported(tmp_path, "posts", ["code", "title_en"], ["m", "Falconer"])
    assert (find("minister"), find("falconer")) == ([], ["new", "old"])
    imported(tmp_path, "people", ["code", "name_en"], ["new", "Goshawk"])
    assert find("falconer goshawk") == ["new"]
    imported(tmp_path, "terms", ["code", "person"], ["t", "head"])
    assert find("falconer") == ["head", "old"]
    rows = [[f"x{n}", "m", "new", f"{1700 + n}", f"{1701 + n}"] for n in range(150)]
    imported(tmp_path, "terms", ["code", "post", "person", "begin", "end"], *rows)
    found = find("falconer")
    assert (found[0], set(found[1:])) == ("head", {"new", "old"})
    assert wrong_entries() == 0


def test_fixtures_and_the_repair(tmp_path, find, minister):
    path = tmp_path / "people.json"
    call_command("dumpdata", "people", natural_foreign=True, natural_primary=True, output=str(path))
    path.write_text(path.read_text().replace('"Minister"', '"Falconer"'))
    call_command("loaddata", str(path), verbosity=0)
    assert find("falconer") == ["new", "old"]
    assert wrong_entries() == 0
    SearchEntry.objects.all().delete()
    upkeep.repair()
    assert find("falconer") == ["new", "old"]


def test_queries_do_not_grow_with_the_terms(django_assert_max_num_queries, minister):
    for number in range(30):
        make_term(minister, make_person(), begin=str(1700 + number), end=str(1701 + number))
    with django_assert_max_num_queries(18):
        assert len(asked("minister").hits) == 20
