"""Text leaves compressed where the reader takes it; nothing else, and no secret."""

import gzip
import io
import os
import zlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import RequestFactory
from PIL import Image

from mia_site.compression import CompressionMiddleware
from tests.factories import make_staff, make_unit

TEXT = "İdarə " * 400


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "open_data"
    settings.MEDIA_ROOT = tmp_path / "media"


def answered(response, accept="gzip", **headers):
    request = RequestFactory().get("/", headers={"accept-encoding": accept} | headers)
    return CompressionMiddleware(lambda _request: response)(request)


def is_compressed(response):
    return response.get("Content-Encoding") == "gzip"


@pytest.mark.parametrize(
    ("accept", "compressed"),
    [
        ("gzip", True), ("gzip, deflate, br, zstd", True), ("GZIP", True), ("x-gzip", True),
        ("*", True), ("gzip;q=1.0", True), ("gzip; q=0.001", True), ("br;q=1, gzip;q=0.2", True),
        ("identity;q=0, gzip", True), ("*;q=0, gzip", True), ("gzip;q=0.5, identity;q=0.5", True),
        ("", False), ("br", False), ("identity", False), ("gzip;q=0", False),
        ("gzip;q=0.000", False), ("gzip ; Q=0", False), ("*;q=0", False),
        ("gzip;q=0, *", False), ("identity;q=1, gzip;q=0.5", False), ("bgzip", False),
        ("gzip;q=x", False), ("gzip;q=2", False), ("gzip;", True), (",,;;=,", False),
        ("identity;q=0", False),  # nothing that it takes can be made: it gets what there is
    ],
)  # fmt: skip
def test_it_is_compressed_for_those_who_take_it(accept, compressed):
    response = answered(HttpResponse(TEXT), accept)
    assert is_compressed(response) == compressed
    body = gzip.decompress(response.content) if compressed else response.content
    assert body.decode() == TEXT
    assert response["Vary"] == "Accept-Encoding"
    if compressed:
        assert int(response["Content-Length"]) == len(response.content)
        assert len(response.content) < len(TEXT) / 5


@pytest.mark.parametrize(
    ("content_type", "compressed"),
    [
        ("text/html; charset=utf-8", True), ("text/csv", True), ("text/calendar", True),
        ("application/json", True), ("application/ld+json; charset=utf-8", True),
        ("application/problem+json", True), ("application/atom+xml; charset=utf-8", True),
        ("application/xml", True), ("image/svg+xml", True), ("text/javascript", True),
        ("image/png", False), ("image/webp", False), ("application/zip", False),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
        ("application/octet-stream", False), ("application/jsonx", False), ("", False),
    ],
)  # fmt: skip
def test_only_text_is(content_type, compressed):
    response = answered(HttpResponse(TEXT, content_type=content_type))
    assert is_compressed(response) == compressed
    assert ("Vary" in response) == compressed


@pytest.mark.parametrize(("size", "compressed"), [(0, False), (199, False), (200, True)])
def test_small_answers_are_left(size, compressed):
    assert is_compressed(answered(HttpResponse("a" * size))) == compressed
    assert is_compressed(answered(HttpResponse("a" * size), "identity;q=0, gzip"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Encoding": "br"},
        {"Cache-Control": "private, no-store"},
        {"Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private"},
    ],
)
def test_what_is_compressed_already_or_holds_secrets_is_left(headers):
    response = answered(HttpResponse(TEXT, headers=headers))
    assert response.content.decode() == TEXT
    assert "Vary" not in response


@pytest.mark.parametrize("status", [204, 206, 304])
def test_answers_without_a_whole_body_are_left(status):
    assert not is_compressed(answered(HttpResponse(TEXT, status=status)))


def test_pieces_are_compressed_as_they_come():
    made, written = [], [os.urandom(9000).hex().encode() for _number in range(50)]

    def pieces():
        for number in range(50):
            made.append(number)
            yield written[number]

    response = answered(StreamingHttpResponse(pieces(), content_type="text/csv"))
    assert is_compressed(response)
    assert "Content-Length" not in response
    reader, found = zlib.decompressobj(31), b""
    for number, piece in enumerate(response):
        found += reader.decompress(piece)
        if number == 1:
            assert len(made) < 10, "the whole body was made before its first piece was sent"
    assert found == b"".join(written)


def test_a_file_is_not_sent_past_the_compression(tmp_path):
    path = tmp_path / "all.json"
    path.write_text(TEXT)
    response = answered(FileResponse(path.open("rb"), content_type="application/json"))
    assert response.file_to_stream is None  # what a server would send on its own
    assert gzip.decompress(b"".join(response)).decode() == TEXT
    plain = FileResponse(path.open("rb"), content_type="application/zip")
    assert answered(plain).file_to_stream is not None


def test_the_tag_becomes_weak_and_answers_304():
    def page():
        return JsonResponse({"text": TEXT}, headers={"ETag": '"abc"'})

    assert answered(page())["ETag"] == 'W/"abc"'
    assert answered(page(), "br")["ETag"] == '"abc"'
    unchanged = {"status": 304, "headers": {"ETag": '"abc"'}}
    weak = answered(HttpResponse(**unchanged), **{"if-none-match": 'W/"abc"'})
    assert weak["ETag"] == 'W/"abc"'
    strong = answered(HttpResponse(**unchanged), **{"if-none-match": '"abc"'})
    assert strong["ETag"] == '"abc"'


# --- On the site ------------------------------------------------------------------------------


@pytest.fixture
def unit(db):
    unit = make_unit(code="mia", summary_az=TEXT, summary_en=TEXT)
    out = io.BytesIO()
    Image.radial_gradient("L").save(out, "PNG")
    unit.emblem.save("emblem.png", ContentFile(out.getvalue(), name="emblem.png"))
    return unit


def body_of(response):
    return b"".join(response) if response.streaming else response.content


ADDRESSES = [
    "/en/", "/az/structure/", "/en/units/{slug}/", "/en/news.atom", "/api/v1/units",
    "/api/v1/units/mia", "/api/v1/openapi.json", "/open-data/structure.csv",
    "/open-data/structure.json", "/open-data/files/all.json", "/open-data/files/all.jsonld",
    "/sitemap.xml", "/sitemap-lists-1.xml", "/en/days.ics",
    "/en/structure/chart.svg",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_sort_of_answer_means_the_same_in_either_form(client, unit, address):
    address = address.format(slug=unit.slug)
    plain = client.get(address)
    small = client.get(address, headers={"accept-encoding": "gzip"})
    assert plain.status_code == small.status_code
    assert plain.get("Content-Encoding") is None
    assert "Accept-Encoding" in plain["Vary"]
    assert is_compressed(small)
    assert gzip.decompress(body_of(small)) == body_of(plain)
    for name in ("Content-Type", "Cache-Control", "Vary", "Last-Modified"):
        assert plain.get(name) == small.get(name), name
    head = client.head(address, headers={"accept-encoding": "gzip"})
    assert is_compressed(head)
    assert not body_of(head)
    if "ETag" in small:
        assert small["ETag"] == f"W/{plain['ETag'].removeprefix('W/')}"
        for tag in (small["ETag"], plain["ETag"]):
            again = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": tag})
            assert again.status_code == 304
            assert again["ETag"] == tag


@pytest.mark.parametrize(
    "address", ["/open-data/files/all.zip", "/open-data/files/all.xlsx", "emblem"]
)
def test_what_is_small_already_stays(client, unit, address):
    address = unit.emblem.url if address == "emblem" else address
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert "Content-Encoding" not in response
    assert int(response["Content-Length"]) == len(body_of(response))


def test_pages_of_staff_and_those_with_a_token_stay_plain(client, unit):
    taken = {"accept-encoding": "gzip"}
    page = client.get("/accounts/login/", headers=taken)
    assert "csrfmiddlewaretoken" in page.content.decode()
    assert "Content-Encoding" not in page
    client.force_login(make_staff())
    for address in ("/admin/", "/admin/units/unit/", "/en/", "/api/v1/units", unit.emblem.url):
        assert "Content-Encoding" not in client.get(address, headers=taken), address


def test_static_files_stay_as_whitenoise_has_them(client, unit):
    response = client.get("/static/css/site.css", headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    size = (Path(__file__).parents[2] / "static/css/site.css").stat().st_size
    if "Content-Encoding" not in response:  # not collected here
        assert len(body_of(response)) == size
    assert "no-cache" not in response.get("Cache-Control", "")


def test_a_page_of_forty_kilobytes_becomes_one_of_eight(client, unit):
    for number in range(260):
        make_unit(parent=unit, name_en=f"Department {number} of something")
    plain = client.get("/en/structure/").content
    small = client.get("/en/structure/", headers={"accept-encoding": "gzip, br"}).content
    assert len(plain) > 40_000
    assert len(small) < len(plain) / 5
