"""Signing in: staff only, slowed down after wrong passwords, with a second factor.

django-allauth does the work; here stand the few decisions of this site about it.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import secure_admin_login
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MFAReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import get_resolver, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

WAIT_SENTENCE = _("Too many wrong attempts. Wait five minutes, then try again.")


def _too_many_attempts(request):
    """The answer of the site's ``handler429``, which stands beside those of Django's errors."""
    return get_resolver().resolve_error_handler(429)(request)


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is switched off. Ask an administrator."),
        "username_password_mismatch": _("The user name or the password is wrong."),
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "incorrect_password": _("The password is wrong."),
        "too_many_login_attempts": WAIT_SENTENCE,
        "rate_limited": WAIT_SENTENCE,
    }

    def is_open_for_signup(self, request):
        return False

    def pre_authenticate(self, request, **credentials):
        """Counts the attempt; past the limit even the right password is answered with 429."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise ImmediateHttpResponse(_too_many_attempts(request)) from error

    def _get_login_attempts_cache_key(self, request, **credentials):
        # allauth counts per Host header too, and a visitor may write any port into that.
        return credentials.get("email", credentials.get("username", "")).lower()

    def get_client_ip(self, request):
        """The visitor's address for counting attempts; never a reason to fail.

        A request that passed fewer proxies than TRUSTED_PROXY_COUNT (a health check, a visitor in
        the machine room) counts under the address of its connection.
        """
        try:
            return super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return request.META.get("REMOTE_ADDR") or "unknown"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong or has run out. Enter the one shown now."),
    }


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        _dress(self.fields["login"], _("User name or e-mail address"), autocomplete="username")
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs["maxlength"] = 254
        _dress(self.fields["password"], _("Password"))


class ConfirmPasswordForm(ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        _dress(self.fields["password"], _("Password"))


class _CodeFields:
    """A code of digits, typed on a telephone's number pad."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        _dress(self.fields["code"], self.code_label, inputmode="numeric", maxlength=16)


class CodeForm(_CodeFields, AuthenticateForm):
    code_label = _("Code from the app, or a recovery code")


class ConfirmCodeForm(_CodeFields, MFAReauthenticateForm):
    code_label = _("Code from the app, or a recovery code")


class ActivateForm(_CodeFields, ActivateTOTPForm):
    code_label = _("Code that the app shows now")


def _dress(field, label, **attrs):
    field.label = label
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


def take_over_sign_in(site):
    """Makes the admin ``site`` sign in through the account pages.

    Anonymous visitors are sent to the page that counts wrong passwords and asks for the second
    factor. Django's own form does neither, so it is never shown and takes no POST. allauth's
    tables leave the admin: they hold the secrets of the second factors.
    """
    site.login = secure_admin_login(require_safe(site.login))
    site.unregister([Authenticator, EmailAddress])


# What staff without a second factor may still reach: setting it up, leaving, switching language.
_REACHABLE = {"admin:logout", "admin:jsi18n", "set_language", "preferences", "media"}
_REACHABLE |= {"healthz", "readyz"}
_REMINDED = "second_factor_reminded"


class SecondFactorMiddleware:
    """Leads staff to set up their second factor: firmly in production, once a session elsewhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        name = request.resolver_match.view_name
        if settings.STAFF_MFA_REQUIRED:
            if name in _REACHABLE or name.startswith(("account_", "mfa_")):
                return None
            if _lacks_second_factor(request.user):
                messages.warning(request, _("Set up the second step of signing in to go on."))
                return redirect("mfa_activate_totp")
        elif (
            name == "admin:index"
            and _REMINDED not in request.session
            and _lacks_second_factor(request.user)
        ):
            request.session[_REMINDED] = True
            messages.warning(request, _reminder())
        return None


def _lacks_second_factor(user):
    return user.is_authenticated and user.is_staff and not is_mfa_enabled(user)


def _reminder():
    return format_html(
        '{} <a href="{}">{}</a>',
        _("Your account is protected by a password only."),
        reverse("mfa_index"),
        _("Set up two-step sign-in"),
    )
