"""Uploaded pictures: only pictures, only from their folder.

Each file is named by a public record, as a hostile one might be by hand: that alone opens nothing.
Which records may name one: ``test_shown_pictures``.
"""

import pytest
from django.conf import settings

from people.models import Person
from tests.factories import make_person

PLACES = [
    "emblems/evil.html", "emblems/b.svg", ".hidden.png", "emblems/", "emblems", "none.png",
    "../secret.png", "..%2Fsecret.png", "emblems/..%2F..%2Fsecret.png", "%2Fetc%2Fpasswd",
    "emblems/../../secret.png", "....//secret.png", "..\\secret.png", "a" * 400 + ".png",
    "A.JPG/../a.html", "link.png", "emblems%2Fa.png%00.html",
]  # fmt: skip


@pytest.fixture
def files(tmp_path, monkeypatch, db):
    (tmp_path / "secret.png").write_bytes(b"t0p-s3cret")
    media = tmp_path / "media"
    (media / "emblems").mkdir(parents=True)
    monkeypatch.setattr(settings, "MEDIA_ROOT", media)
    for name in ("emblems/a.png", "emblems/evil.html", "emblems/b.svg", ".hidden.png", "a.jpg"):
        (media / name).write_bytes(b"content")
    (media / "link.png").symlink_to(media / "emblems")
    for name in ("emblems/a.png", "a.jpg", *PLACES):
        person = make_person()
        Person.objects.filter(pk=person.pk).update(portrait=name[:100])


@pytest.mark.parametrize(
    ("path", "kind"), [("emblems/a.png", "image/png"), ("a.jpg", "image/jpeg")]
)
def test_a_picture_is_served_under_its_own_type(client, files, path, kind):
    response = client.get(f"/media/{path}")
    assert response.status_code == 200
    assert b"".join(response) == b"content"
    assert response["Content-Type"] == kind
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, no-cache"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert (
        client.get(
            f"/media/{path}", headers={"if-modified-since": response["Last-Modified"]}
        ).status_code
        == 304
    )


@pytest.mark.parametrize("path", PLACES)
def test_nothing_else_is(client, files, path):
    response = client.get(f"/media/{path}", follow=True)
    assert response.status_code in (400, 404)
    assert b"t0p-s3cret" not in response.content


def test_nothing_is_written_there_by_a_request(client, files):
    assert client.put("/media/emblems/a.png", b"new").status_code == 405
    assert client.post("/media/emblems/a.png").status_code == 405
