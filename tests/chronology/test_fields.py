"""The model field: text and two columns that always say the same."""

import datetime
import importlib.util

import pytest
from django.core import checks, serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models import F
from django.test.utils import isolate_apps

from chronology import HistoricalDate, HistoricalDateField, InvalidDate

from .models import Happening, Holding, registry

D = datetime.date
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]
COLUMNS = ("begin", "begin_earliest", "begin_latest")


def row(holding, *names):
    """What the database holds, past the Python attributes."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(map(quote, names or COLUMNS))} "
            f"FROM {quote(Holding._meta.db_table)} WHERE id = %s",
            [holding.pk],
        )
        # SQLite hands days over as text.
        return tuple(str(value) if isinstance(value, D) else value for value in cursor.fetchone())


JUNE = ("2004-06", "2004-06-01", "2004-06-30")


def test_save_writes_text_and_columns():
    holding = Holding.objects.create(begin="2004-06")
    assert row(holding) == JUNE
    loaded = Holding.objects.get()
    assert loaded.begin == HistoricalDate("2004-06")
    assert (loaded.begin_earliest, loaded.begin_latest) == (D(2004, 6, 1), D(2004, 6, 30))


def test_the_longest_text_fits():
    text = "1918-05-28%/1920-04-28%"
    Happening.objects.create(date=text)
    assert Happening.objects.get().date.text == text
    assert len(text) <= Happening._meta.get_field("date").max_length


def test_the_attribute_is_a_date_or_none_as_soon_as_it_is_assigned():
    holding = Holding(begin="2004-06")
    assert holding.begin == HistoricalDate("2004-06")
    assert (holding.begin_earliest, holding.begin_latest) == (D(2004, 6, 1), D(2004, 6, 30))
    holding.begin = D(2004, 7, 1)
    assert holding.begin.text == "2004-07-01"
    assert holding.begin_latest == D(2004, 7, 1)
    for blank in ("", None):
        holding.begin = blank
        assert (holding.begin, holding.begin_earliest, holding.begin_latest) == (None, None, None)
    assert Holding().begin is None
    with pytest.raises(InvalidDate):
        holding.begin = "last summer"
    with pytest.raises(InvalidDate):
        Holding(begin="2004-02-30")
    with pytest.raises(TypeError):
        holding.begin = 2004


def test_the_columns_cannot_be_set_apart_from_the_date():
    holding = Holding(begin="2004-06", begin_earliest=D(1900, 1, 1))
    holding.begin_latest = D(1900, 1, 1)
    assert (holding.begin_earliest, holding.begin_latest) == (D(2004, 6, 1), D(2004, 6, 30))
    holding.save()
    assert row(holding) == JUNE


def test_blank_is_unknown_or_open():
    holding = Holding.objects.create()
    assert row(holding) == ("", None, None)
    assert row(holding, "end", "end_earliest", "end_latest") == ("", "9999-12-31", "9999-12-31")
    assert row(holding, "until", "until_earliest", "until_latest") == ("", None, None)
    assert holding.end_earliest == D.max


def test_save_of_the_named_field_writes_its_columns_and_no_others():
    holding = Holding.objects.create(begin="1992", end="1995")
    holding.begin, holding.end = "2004-06", "2010"
    holding.save(update_fields=["begin"])
    assert row(holding) == JUNE
    assert row(holding, "end", "end_earliest") == ("1995", "1995-01-01")
    holding.save(update_fields=["note"])
    assert row(holding, "end", "end_earliest") == ("1995", "1995-01-01")
    holding.save(update_fields=[])
    assert row(holding, "end", "end_earliest") == ("1995", "1995-01-01")


def test_save_after_loading_some_fields_only():
    pk = Holding.objects.create(begin="1992").pk
    holding = Holding.objects.only("begin").get(pk=pk)
    holding.begin = "2004-06"
    holding.save()
    assert row(holding) == JUNE


def test_deferred_columns_and_dates_are_fetched_when_asked_for(django_assert_num_queries):
    Holding.objects.create(begin="2004-06")
    with django_assert_num_queries(1):
        holding = Holding.objects.only("begin_earliest").get()
        assert holding.begin_earliest == D(2004, 6, 1)
        assert "begin" in holding.get_deferred_fields()
    with django_assert_num_queries(2):
        holding = Holding.objects.only("begin_latest").get()
        assert holding.begin.text == "2004-06"
        assert holding.begin_earliest == D(2004, 6, 1)  # follows from the date, no query
    with django_assert_num_queries(2):
        holding = Holding.objects.only("note").get()
        assert holding.begin_latest == D(2004, 6, 30)


def test_refresh_from_db():
    holding = Holding.objects.create(begin="1992")
    other = Holding.objects.get()
    other.begin = "2004-06"
    other.save()
    holding.refresh_from_db()
    assert (holding.begin.text, holding.begin_latest) == ("2004-06", D(2004, 6, 30))


def test_bulk_create_and_bulk_update():
    Holding.objects.bulk_create([Holding(begin="2004-06"), Holding()])
    dated, blank = Holding.objects.order_by("pk")
    assert row(dated) == JUNE
    assert row(blank) == ("", None, None)
    blank.begin = "2004-06"
    Holding.objects.bulk_update([blank], COLUMNS)
    assert row(blank) == JUNE


def test_update_with_the_three_columns():
    holding = Holding.objects.create(begin="1992")
    field = Holding._meta.get_field("begin")
    Holding.objects.update(**field.bounds_columns(HistoricalDate("2004-06")))
    assert row(holding) == JUNE
    with pytest.raises(InvalidDate):
        Holding.objects.update(begin="last summer")


def test_update_or_create_and_get_or_create():
    holding, created = Holding.objects.get_or_create(begin="2004-06")
    assert created
    assert Holding.objects.get_or_create(begin=HistoricalDate("2004-06")) == (holding, False)
    Holding.objects.update_or_create(pk=holding.pk, defaults={"begin": "1992"})
    assert row(holding) == ("1992", "1992-01-01", "1992-12-31")


def test_found_by_text_and_by_blank():
    dated, blank = Holding.objects.create(begin="2004-06"), Holding.objects.create()
    found = Holding.objects.filter
    assert found(begin="2004-06").get() == dated
    assert found(begin=HistoricalDate("2004-06")).get() == dated
    assert found(begin__in=["2004-06", "1992"]).get() == dated
    assert found(begin__startswith="2004").get() == dated
    for query in ({"begin": ""}, {"begin": None}, {"begin__isnull": True}):
        assert found(**query).get() == blank
        assert Holding.objects.exclude(**query).get() == dated
    assert found(begin__isnull=False).get() == dated
    assert Holding.objects.values_list("begin", flat=True).get(pk=dated.pk) == dated.begin
    with pytest.raises(InvalidDate):
        found(begin="last summer")


def test_text_has_no_order_but_the_columns_have():
    for text in ("1992", "19XX", "1840~", "2004-06"):
        Happening.objects.create(date=text)
    for lookup in ("lt", "lte", "gt", "gte", "range"):
        with pytest.raises(FieldError):
            Happening.objects.filter(**{f"date__{lookup}": "1992"})
    ordered = Happening.objects.order_by("date_earliest", "date_latest")
    assert [h.date.text for h in ordered] == ["1840~", "19XX", "1992", "2004-06"]
    before = Happening.objects.filter(date_latest__lt=D(1900, 1, 1))
    assert [h.date.text for h in before] == ["1840~"]
    assert not Happening.objects.filter(date_earliest__gt=F("date_latest")).exists()


def test_equal_texts_are_equal_to_a_unique_constraint():
    Happening.objects.create(date="1992")
    with pytest.raises(IntegrityError), transaction.atomic():
        Happening.objects.create(date="1992")


def test_full_clean_speaks_to_the_editor():
    Holding(begin="1992").full_clean()
    Holding().full_clean()
    with pytest.raises(ValidationError) as refusal:
        Holding(begin="1957/1961").full_clean()
    assert refusal.value.message_dict == {"begin": ["Write one date here, not a period."]}
    with pytest.raises(ValidationError) as refusal:
        Happening().full_clean()
    assert refusal.value.error_dict["date"][0].code == "blank"
    Happening(date="1957/1961").full_clean()


@pytest.mark.parametrize("file_format", ["json", "xml", "jsonl"])
def test_fixtures_hold_the_text_and_load_everything(monkeypatch, file_format):
    monkeypatch.setattr("django.core.serializers.python.apps", registry)
    monkeypatch.setattr("django.core.serializers.xml_serializer.apps", registry)
    holding = Holding.objects.create(begin="2004-06")
    file = serializers.serialize(file_format, Holding.objects.all())
    assert "2004-06" in file
    assert "earliest" not in file
    Holding.objects.all().delete()
    for loaded in serializers.deserialize(file_format, file):
        loaded.save()  # as loaddata does: raw, past the model's own save()
    assert row(holding) == JUNE
    assert row(holding, "end", "end_earliest") == ("", "9999-12-31")
    broken = file.replace("2004-06", "2004-02-30")
    # Django wraps the refusal for JSON and lets it through for XML.
    refused = (serializers.base.DeserializationError, ValidationError)
    with pytest.raises(refused, match="days 01 to 29"):
        list(serializers.deserialize(file_format, broken))


def test_null_is_refused_by_the_checks():
    with isolate_apps("chronology"):

        class Nullable(models.Model):
            date = HistoricalDateField(null=True)

            class Meta:
                app_label = "chronology"

    assert [e.id for e in Nullable._meta.get_field("date").check()] == ["chronology.E001"]
    assert not [e for e in Holding.check() if e.level >= checks.ERROR]


def test_bad_options_are_refused():
    with pytest.raises(ValueError, match="unknown"):
        HistoricalDateField(empty="never")


def test_deconstruct_and_clone():
    field = HistoricalDateField("since", blank=True, empty="open", periods=True)
    path, kwargs = field.deconstruct()[1], field.deconstruct()[3]
    assert path == "chronology.fields.HistoricalDateField"
    assert kwargs == {
        "verbose_name": "since", "blank": True, "empty": "open", "periods": True, "columns": False,
    }  # fmt: skip
    twin = field.clone()
    assert (twin.empty, twin.periods, twin.columns) == ("open", True, False)


def test_children_of_an_abstract_model_have_both_columns_once():
    names = [field.name for field in Holding._meta.get_fields()]
    assert [name for name in names if name.startswith("begin")] == [*COLUMNS, "begin_certain"]
    assert len(names) == len(set(names))
    for name in COLUMNS:
        assert Holding._meta.get_field(name).model is Holding
    for name in COLUMNS[1:]:
        column = Holding._meta.get_field(name)
        assert (column.db_index, column.null, column.editable) == (True, True, False)


def states(*versions):
    """Project states of one model "Thing" with the given fields."""
    for fields in versions:
        with isolate_apps("chronology") as apps:
            meta = type("Meta", (), {"app_label": "chronology"})
            type("Thing", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
            yield ProjectState.from_apps(apps)


@pytest.mark.django_db(transaction=True)
def test_migrations_create_alter_and_remove_all_three_columns(tmp_path):
    """As makemigrations and migrate do it, written to a file and read back."""
    empty = ProjectState()
    note = {"note": models.CharField(max_length=3)}
    without, added, altered, removed = states(
        note,
        {**note, "date": HistoricalDateField(blank=True, empty="open", default="")},
        {**note, "date": HistoricalDateField(periods=True, empty="open", default="")},
        note,
    )
    steps = [(empty, without), (without, added), (added, altered), (altered, removed)]
    expected = [
        {"id", "note"},
        {"id", "note", "date", "date_earliest", "date_latest", "date_certain"},
        {"id", "note", "date", "date_earliest", "date_latest", "date_certain"},
        {"id", "note"},
    ]
    state, applied = ProjectState(), []
    for number, (before, after) in enumerate(steps):
        changes = MigrationAutodetector(before, after.clone())._detect_changes()["chronology"]
        migration = migrations.Migration(f"{number:04}", "chronology")
        migration.operations = [op for change in changes for op in change.operations]
        file = tmp_path / f"migration_{number}.py"
        file.write_text(MigrationWriter(migration).as_string())
        spec = importlib.util.spec_from_file_location(f"migration_{number}", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        migration = module.Migration(f"{number:04}", "chronology")
        earlier = state.clone()
        with connection.schema_editor() as editor:
            state = migration.apply(state, editor)
        applied.append((migration, earlier))
        with connection.cursor() as cursor:
            table = connection.introspection.get_table_description(cursor, "chronology_thing")
            indexes = connection.introspection.get_constraints(cursor, "chronology_thing")
        assert {column.name for column in table} == expected[number]
        indexed = [c["columns"] for c in indexes.values() if c["index"]]
        assert (["date_earliest"] in indexed) == ("date_earliest" in expected[number])
        assert not MigrationAutodetector(state, after.clone())._detect_changes()
        thing = state.apps.get_model("chronology", "Thing")
        if "date" in expected[number]:
            # The row from before the date was added has a blank one, and blank is open.
            assert thing.objects.filter(date="", date_earliest=D.max, date_latest=D.max).exists()
            created = thing.objects.create(note="x", date="2004-06")
            created.refresh_from_db()
            assert (created.date.text, created.date_latest) == ("2004-06", D(2004, 6, 30))
        else:
            thing.objects.create(note="old")
    for migration, earlier in reversed(applied):
        with connection.schema_editor() as editor:
            migration.unapply(earlier, editor)


@pytest.mark.django_db(transaction=True)
def test_a_live_model_survives_the_rebuild_of_its_table():
    """SQLite copies the class to alter a table; the columns must not come twice."""
    new = models.CharField(max_length=30, blank=True)
    new.set_attributes_from_name("note")
    new.model = Holding
    holding = Holding.objects.create(begin="2004-06")
    with connection.schema_editor() as editor:
        editor.alter_field(Holding, Holding._meta.get_field("note"), new, strict=True)
    assert row(holding) == JUNE
