"""What a view leaves of a body is read before the answer goes out (mia_site/unread_bodies.py)."""

import io

import pytest

from mia_site.unread_bodies import ReadBodies


def refuse(environ, start_response):
    environ["wsgi.input"].read(3)
    return [b"no"]


@pytest.mark.parametrize(
    ("size", "said", "left"),
    [
        (0, "", 0),
        (10, "10", 0),
        (10, "ten", 0),
        (11, "11", 8),
        (14, "", 1),
        (200_000, "9", 199_987),
    ],
)
def test_it_is_read_to_the_limit(settings, size, said, left):
    settings.REQUEST_MAX_BYTES = 10
    body = io.BytesIO(b"a" * size)
    environ = {"wsgi.input": body, "CONTENT_LENGTH": said}
    assert ReadBodies(refuse)(environ, None) == [b"no"]
    assert len(body.read()) == left


def test_no_more_than_a_piece_is_held(settings):
    settings.REQUEST_MAX_BYTES = 1_000_000
    asked = []

    class Body(io.BytesIO):
        def read(self, size=-1):
            asked.append(size)
            return super().read(size)

    ReadBodies(refuse)({"wsgi.input": Body(b"a" * 500_000), "CONTENT_LENGTH": "500000"}, None)
    assert max(asked) <= 64 * 1024
    assert min(asked) > 0
