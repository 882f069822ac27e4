"""The bad files of the engine's table through the browser."""

import time

import pytest
from django.contrib.admin.models import LogEntry

from exchange.models import ImportFile
from tests.exchange.test_hostile_files import ALL
from tests.exchange_desk.desk import START, job_of, offers_confirmation, upload
from tests.factories import make_unit, make_unit_kind
from units.models import Unit

NEVER = ("Traceback", "Exception", "/work", "SELECT", "object at", "django.")


@pytest.fixture
def police(db):
    kind = make_unit_kind(code="unit")
    police = make_unit(code="police", slug="police", kind=kind)
    return police, make_unit(code="baku", slug="baku", parent=police, kind=kind)


@pytest.fixture
def everything_at_once(settings):
    """Large files, too: the way is the same, and the test need not run a worker."""
    settings.IMPORT_AT_ONCE_BYTES = 10**9


@pytest.mark.parametrize(
    ("ending", "case"), [(e, case) for e, *case in ALL], ids=[f"{a[0]}: {a[1]}" for a in ALL]
)
def test_a_bad_upload_gets_its_sentence(
    ending, case, police, boss, everything_at_once, caplog, tmp_path
):
    _name, (data, sentence) = case
    data = data() if callable(data) else data
    before = list(Unit.objects.order_by("pk").values())
    begun = time.monotonic()

    response = upload(boss, data, name=f"file.{ending}")

    assert time.monotonic() - begun < 10
    assert response.status_code in (200, 400)
    text = response.content.decode()
    assert list(Unit.objects.order_by("pk").values()) == before
    if sentence is None:  # a lie that does no harm
        assert offers_confirmation(response)
        return
    assert not offers_confirmation(response)
    assert "errorlist" in text or "import-problems" in text
    for word in NEVER:
        assert word not in text
    assert not LogEntry.objects.exists()
    assert not ImportFile.objects.filter(role=ImportFile.UPLOAD).exists()
    assert not list(tmp_path.rglob("*.*"))
    assert sum(record.name == "exchange" for record in caplog.records) <= 1


def test_the_limit_of_size_is_said_at_the_form(boss):
    response = upload(boss, b"a" * (21 * 1024 * 1024))
    assert response.status_code == 400
    assert "larger than 20 MB" in response.content.decode()


def test_what_is_larger_than_any_request_is_refused_unread(boss):
    response = boss.generic(
        "POST", START, b"", content_type="multipart/form-data; boundary=x",
        headers={"content-length": str(10**9)},
    )  # fmt: skip
    assert response.status_code == 413
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("name", ["file.xls", "file.exe", "file", "../../x.tar", "a.csv.lnk"])
def test_other_endings_are_refused_at_the_form(name, boss):
    response = upload(boss, b"code\nx\n", name=name)
    assert response.status_code == 400
    assert "is not known" in response.content.decode()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "C:\\x\\y.csv", "a\u202eb.csv", "<b>.csv"]
)
def test_names_of_files_do_no_harm(name, boss, police):
    response = upload(boss, b"code,name_en\nx,X\n", name=name)
    assert response.status_code == 200
    text = response.content.decode()
    assert "<b>.csv" not in text
    assert "\u202e" not in text
    assert "/" not in job_of(boss).file_name


def test_forged_choices_are_refused(boss, police):
    for fields in ({"kind": "auth.user"}, {"kind": ""}, {"new_status": "root"}):
        assert upload(boss, b"code\nx\n", **fields).status_code == 400
    assert upload(boss, b"code\nx\n", closing_date="never").status_code == 400
    assert boss.post(START, {"kind": "units"}).status_code == 400
