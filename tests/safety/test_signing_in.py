"""Who gets in: staff with the right password, not too fast, and with a second factor."""

import threading
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-enough-one"
LOGIN = "/accounts/login/"


def make_staff(username="editor", **fields):
    fields = {"email": f"{username}@example.org", "is_staff": True, "is_superuser": True} | fields
    return get_user_model().objects.create_user(username, password=PASSWORD, **fields)


def sign_in(client, login="editor", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


def code_now(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def test_the_admin_sends_to_the_sign_in_page_and_back(client):
    make_staff()
    to_admin = client.get("/admin/units/unit/", follow=True)
    assert to_admin.redirect_chain[-1][0].startswith(LOGIN)
    form_page = to_admin.redirect_chain[-1][0]
    response = client.post(
        form_page, {"login": "editor", "password": PASSWORD, "next": "/admin/units/unit/"}
    )
    assert response["Location"] == "/admin/units/unit/"
    assert client.get("/admin/").status_code == 200


def test_the_e_mail_address_is_as_good_as_the_user_name(client):
    make_staff()
    assert sign_in(client, "editor@example.org").status_code == 302


def test_a_next_page_elsewhere_is_not_followed(client):
    make_staff()
    response = client.post(
        LOGIN, {"login": "editor", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response["Location"] == "/admin/"


def test_djangos_own_form_takes_no_password(client):
    """Neither from visitors nor from staff: it counts nothing and asks for no second factor."""
    make_staff()
    data = {"username": "editor", "password": PASSWORD}
    response = client.post("/admin/login/", data)
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session
    client.force_login(make_staff("other"))
    assert client.post("/admin/login/", data).status_code == 405


def test_nobody_signs_up_and_no_page_of_allauth_is_left_over(client):
    for name in ("account_signup", "account_email", "account_reset_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("signup/", "email/", "password/reset/", "confirm-email/", "3rdparty/", ""):
        assert client.get(f"/accounts/{path}", follow=True).status_code == 404


@pytest.mark.parametrize(
    ("limit", "logins"), [(5, ["editor"] * 6), (20, map("u{}".format, range(21)))]
)
def test_past_the_limit_even_the_right_password_waits(client, limit, logins, monkeypatch):
    """Five wrong passwords for one account, twenty from one address, in five minutes."""
    make_staff()
    logins = list(logins)
    for login in logins[:limit]:
        assert sign_in(client, login, "wrong").status_code == 200
    blocked = sign_in(client)
    assert blocked.status_code == 429
    assert blocked["Retry-After"] == "300"
    assert "_auth_user_id" not in client.session
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert sign_in(client).status_code == 302


def test_another_account_from_another_address_is_not_kept_out(client):
    make_staff()
    make_staff("other")
    for _ in range(6):
        sign_in(client, "editor", "wrong")
    assert sign_in(client).status_code == 429
    assert sign_in(client, "other", REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.parametrize("host", ["localhost:{}", "127.0.0.1:{}"])
def test_writing_another_host_does_not_begin_the_count_anew(client, host):
    make_staff()
    for number in range(5):
        sign_in(client, "editor", "wrong", headers={"host": host.format(8000 + number)})
    assert sign_in(client, headers={"host": host.format(9999)}).status_code == 429


def test_a_forged_forwarded_address_does_not_begin_the_count_anew(client, settings):
    make_staff()
    for number in range(21):
        headers = {"x-forwarded-for": f"192.0.2.{number}"}
        sign_in(client, f"u{number}", "wrong", headers=headers)
    assert sign_in(client, headers={"x-forwarded-for": "192.0.2.200"}).status_code == 429


@pytest.mark.parametrize("forwarded", ["", "nonsense", "1.2.3.4", "a,b,c", "\x00"])
def test_a_strange_way_through_the_proxies_is_no_error(client, settings, forwarded):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    make_staff()
    assert sign_in(client, headers={"x-forwarded-for": forwarded}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_guessing_in_many_threads_gets_no_more_attempts():
    make_staff()
    statuses = []

    def guess():
        from django.db import connection

        statuses.append(sign_in(Client(), "editor", "wrong").status_code)
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(200) <= 5
    assert set(statuses) <= {200, 429}
    cache.clear()


def test_an_account_that_is_switched_off_does_not_get_in(client):
    make_staff(is_active=False)
    response = sign_in(client)
    assert "_auth_user_id" not in client.session
    assert response.status_code in (200, 302)
    assert client.get("/accounts/inactive/").status_code == 200


def test_a_visitor_account_does_not_reach_the_admin(client):
    client.force_login(make_staff(is_staff=False, is_superuser=False))
    assert client.get("/admin/", follow=True).status_code == 403


def test_signing_out_is_a_post(client):
    client.force_login(make_staff())
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_the_password_is_changed_in_the_admin(client):
    make_staff()
    assert client.login(username="editor", password=PASSWORD)
    new = "another-long-enough-one"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/admin/password_change/", data).status_code == 302
    assert not Client().login(username="editor", password=PASSWORD)
    assert Client().login(username="editor", password=new)


# --- The second factor ------------------------------------------------------------------------


def with_app(user):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def test_with_an_app_the_password_alone_opens_nothing(client):
    secret = with_app(make_staff())
    response = sign_in(client)
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_works_once(client):
    user = make_staff()
    with_app(user)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    code = codes.get_unused_codes()[0]
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" in client.session
    again = Client()
    sign_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in again.session


def test_codes_cannot_be_guessed_at_leisure(client):
    secret = with_app(make_staff())
    sign_in(client)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert "_auth_user_id" not in client.session


def test_where_it_is_required_staff_get_nowhere_without_it(client, settings):
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(make_staff())
    for path in ("/admin/", "/admin/units/unit/", "/en/", "/admin/password_change/"):
        response = client.get(path)
        assert response.status_code == 302, path
        assert response["Location"] == "/accounts/2fa/totp/activate/", path
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.post("/admin/logout/").status_code in (200, 302)


def test_where_it_is_required_setting_it_up_opens_the_admin(client, settings):
    settings.STAFF_MFA_REQUIRED = True
    make_staff()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)}, follow=True)
    assert response.status_code == 200
    assert len(response.context["unused_codes"]) == 10
    assert client.get("/admin/").status_code == 200


def test_elsewhere_staff_are_reminded_once_a_session(client):
    client.force_login(make_staff())
    assert b"/accounts/2fa/" in client.get("/admin/").content
    assert (
        b"protected by a password only"
        not in client.get("/admin/", headers={"accept-language": "en"}).content
    )


def test_the_secrets_of_second_factors_are_not_shown_in_the_admin(client):
    client.force_login(make_staff())
    assert client.get("/admin/mfa/authenticator/").status_code == 404


@pytest.mark.parametrize("language", ["az", "en"])
def test_every_account_page_wears_the_sites_clothes(client, language):
    user = make_staff()
    signed_in = [
        "",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "reauthenticate/",
    ]
    pages = ["/accounts/login/", "/accounts/inactive/"]
    client.cookies["django_language"] = language
    seen = [client.get(path) for path in pages]
    secret = with_app(user)
    sign_in(client)
    seen.append(client.get("/accounts/2fa/authenticate/"))
    client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    seen += [client.get(f"/accounts/2fa/{path}") for path in signed_in]
    seen += [client.get("/accounts/reauthenticate/"), client.get("/accounts/logout/")]
    for response in seen:
        html = response.content.decode()
        assert response.status_code == 200, response.request["PATH_INFO"]
        assert "css/account.css" in html, response.request["PATH_INFO"]
        assert f'<html lang="{language}"' in html
        assert "<h1>" in html
