"""The example for nginx works: checked by nginx itself, and run before the site."""

import gzip
import http.client
import io
import re
import socket

import pytest
from django.conf import settings
from PIL import Image

from tests.running import nginx
from tests.running.server import free_port, manage, serving

pytestmark = pytest.mark.nginx

GIVE_PICTURE = """
import io
from django.core.files.base import ContentFile
from PIL import Image
from units.models import Unit
unit = Unit.objects.get(code="mia")
out = io.BytesIO()
Image.new("RGB", (40, 30), {colour!r}).save(out, "PNG")
unit.emblem.save("emblem.png", ContentFile(out.getvalue(), name="emblem.png"))
print(unit.emblem.url)
"""


def test_nginx_takes_the_file(tmp_path):
    main = nginx.configuration(tmp_path, free_port(), free_port(), free_port())
    code, said = nginx.checked(main)
    assert code == 0, said
    assert "test is successful" in said


def test_the_check_would_find_a_wrong_word(tmp_path):
    main = nginx.configuration(tmp_path, free_port(), free_port(), free_port())
    site = tmp_path / "site.conf"
    site.write_text(site.read_text().replace("gzip off;", "gzip offf;"))
    assert nginx.checked(main)[0] != 0


def test_nothing_is_served_behind_the_back_of_the_site():
    text = re.sub(r"#.*", "", nginx.FILE.read_text())
    assert re.findall(r"\blocation\s+(\S+)", text) == ["/"]
    assert not re.search(r"\b(root|alias|try_files|proxy_cache|proxy_store)\b", text)
    assert "gzip off;" in text
    assert "http2 on" not in text  # nginx 1.22 of Debian 12 refuses it


@pytest.fixture(scope="module")
def site(new_site, tmp_path_factory):
    """``(ask, http port, variables, address)``: nginx before a site as in production.

    ``ask(path, …)`` sends a request through nginx and gives (answer, body)."""
    variables = {"VAR_DIR": str(new_site())}
    place = f"sqlite:///{variables['VAR_DIR']}/site.sqlite3"
    variables |= {
        "SITE_MODE": "production", "SECRET_KEY": "".join(map(chr, range(48, 123))),
        "ALLOWED_HOSTS": f"{nginx.NAME},127.0.0.1", "DATABASE_URL": place,
    }  # fmt: skip
    with serving(**variables) as (address, _log):
        folder = tmp_path_factory.mktemp("nginx")
        with nginx.in_front_of(int(address.rsplit(":", 1)[1]), folder) as (plain, secure, trust):

            def ask(path, method="GET", body=None, **headers):
                headers = {name.replace("_", "-"): value for name, value in headers.items()}
                connection = http.client.HTTPSConnection("127.0.0.1", secure, context=trust)
                connection.sock = trust.wrap_socket(
                    socket.create_connection(("127.0.0.1", secure), 30),
                    server_hostname=nginx.NAME,
                )
                connection.request(method, path, body, {"Host": nginx.NAME} | headers)
                answer = connection.getresponse()
                found = answer.read()
                connection.close()
                return answer, found

            yield ask, plain, (secure, trust), variables


def test_http_leads_to_https(site):
    _ask, plain, _secure, _variables = site
    connection = http.client.HTTPConnection("127.0.0.1", plain)
    connection.request("GET", "/en/?on=1992", headers={"Host": nginx.NAME})
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{nginx.NAME}/en/?on=1992"


def test_it_speaks_http2(site):
    _ask, _plain, (secure, trust), _variables = site
    trust.set_alpn_protocols(["h2", "http/1.1"])
    try:
        with (
            socket.create_connection(("127.0.0.1", secure), 30) as raw,
            trust.wrap_socket(raw, server_hostname=nginx.NAME) as wrapped,
        ):
            assert wrapped.selected_alpn_protocol() == "h2"
    finally:
        trust.set_alpn_protocols(["http/1.1"])


def test_pages_come_compressed_from_the_site_itself(site):
    ask, *_rest = site
    answer, body = ask("/en/structure/")
    assert answer.status == 200
    small, packed = ask("/en/structure/", Accept_Encoding="gzip, br")
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == body
    assert len(packed) < len(body) / 4
    assert small.headers["ETag"] == f"W/{answer.headers['ETag']}"
    assert "Set-Cookie" not in small.headers
    assert small.headers["Strict-Transport-Security"]
    again, nothing = ask(
        "/en/structure/", Accept_Encoding="gzip", If_None_Match=small.headers["ETag"]
    )
    assert (again.status, nothing) == (304, b"")
    head, nothing = ask("/api/v1/units", "HEAD", Accept_Encoding="gzip")
    assert (head.status, nothing) == (200, b"")


def test_pages_with_secrets_come_plain(site):
    ask, *_rest = site
    answer, body = ask("/accounts/login/", Accept_Encoding="gzip")
    assert answer.status == 200
    assert b"csrfmiddlewaretoken" in body
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_display_form_is_taken_from_here_and_from_nowhere_else(site):
    ask, *_rest = site
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    answer, _body = ask(
        "/preferences/", "POST", "theme=dark&next=/en/", Origin=f"https://{nginx.NAME}", **form
    )
    assert answer.status == 302
    assert answer.headers["Set-Cookie"].startswith("display=dark")
    assert "Secure" in answer.headers["Set-Cookie"]
    for origin in ("https://evil.example", f"http://{nginx.NAME}", "null"):
        answer, _body = ask("/preferences/", "POST", "theme=dark", Origin=origin, **form)
        assert answer.status == 403
        assert "Set-Cookie" not in answer.headers


def test_a_replaced_picture_is_gone(site):
    ask, _plain, _secure, variables = site

    def give(colour):
        code, said = manage(
            "shell", "-v", "0", "-c", GIVE_PICTURE.format(colour=colour), **variables
        )
        assert code == 0, said
        return said.strip().splitlines()[-1]

    old = give("navy")
    answer, body = ask(old)
    assert answer.status == 200
    assert Image.open(io.BytesIO(body)).size == (40, 30)
    new = give("red")
    assert ask(old, If_Modified_Since=answer.headers["Last-Modified"])[0].status == 404
    assert ask(new)[0].status == 200


def test_a_form_refused_before_its_end_is_answered(site):
    """The sender is still writing then; nginx made a 502 of every second such answer."""
    ask, *_rest = site
    form = {"Content_Type": "multipart/form-data; boundary=x", "Origin": f"https://{nginx.NAME}"}
    body = b"a" * settings.REQUEST_MAX_BYTES
    assert {ask("/preferences/", "POST", body, **form)[0].status for _ in range(12)} == {400}


@pytest.mark.parametrize(("more", "status"), [(0, 400), (1, 413)])
def test_no_more_is_taken_than_the_site_takes(site, more, status):
    """At the limit the site itself looks at the form, and cannot read it; past it nginx refuses."""
    ask, *_rest = site
    form = {"Content_Type": "multipart/form-data; boundary=x", "Origin": f"https://{nginx.NAME}"}
    size = settings.REQUEST_MAX_BYTES + more
    answer, _body = ask("/preferences/", "POST", b"a" * size, **form)
    assert answer.status == status
    assert ("X-Request-ID" in answer.headers) == (not more)


def test_visitors_reach_the_site_only_with_what_nginx_says(site):
    """What a visitor writes about himself does not pass for the proxy's word."""
    ask, *_rest = site
    answer, _body = ask("/en/", X_Forwarded_Proto="http", X_Forwarded_For="127.0.0.1")
    assert answer.status == 200  # http would have been led to https
