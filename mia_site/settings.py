"""The one settings file. Everything that differs between machines comes from the environment.

Two modes: ``embedded`` (the default: one machine, SQLite in ``var/``, reachable under local names
only) and ``production`` (``SITE_MODE=production``), which refuses to start without its secrets.
Every variable stands in ``docs/settings.md``; a test keeps that list complete.
"""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Where the site keeps what it writes: the SQLite file, uploads, collected static files, its key.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- Mode -----------------------------------------------------------------------------------
SITE_MODE = env.str("SITE_MODE", default="embedded")
if SITE_MODE not in ("embedded", "production"):
    raise ImproperlyConfigured(
        f"SITE_MODE is {SITE_MODE!r}. Write 'embedded' (one machine, the default) or 'production'."
    )
PRODUCTION = SITE_MODE == "production"

# DEBUG is for `make dev` only.
DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off when SITE_MODE=production. Remove DEBUG.")


def whole_number(name, default):
    """A variable that counts something; zero or more."""
    text = env.str(name, default=str(default)).strip()
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name} is {text!r}. Write a whole number (docs/settings.md).")
    return int(text)


def words(name):
    """A variable that lists several values, separated by commas."""
    return [word.strip() for word in env.str(name, default="").split(",") if word.strip()]


def required(name, why):
    """The value of a variable that production cannot do without."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"SITE_MODE=production needs {name}: {why} (docs/settings.md).")
    return value


def embedded_secret_key():
    """A random key made on first use and kept in ``var/secret_key``, readable by its owner only."""
    path = VAR_DIR / "secret_key"
    try:
        if not path.exists():
            VAR_DIR.mkdir(parents=True, exist_ok=True)
            # Written aside and linked into place, so that no process ever reads half a key.
            with tempfile.NamedTemporaryFile("w", dir=VAR_DIR, prefix=".secret_key") as draft:
                draft.write(secrets.token_urlsafe(48))
                draft.flush()
                with contextlib.suppress(FileExistsError):  # another process was faster
                    os.link(draft.name, path)
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The site cannot keep its files in {VAR_DIR} ({error.strerror}). Make that folder "
            "writable, or set VAR_DIR to another one."
        ) from error


# --- Secrets and hosts ----------------------------------------------------------------------
if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters. Make a longer one.")
    if len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
        raise ImproperlyConfigured("SECRET_KEY is easy to guess. Make a random one.")
    required("ALLOWED_HOSTS", "the site's names")
    required("DATABASE_URL", "the address of the PostgreSQL database")
    ALLOWED_HOSTS = words("ALLOWED_HOSTS")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="") or embedded_secret_key()
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *words("ALLOWED_HOSTS")]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; '*' is not accepted.")

# Earlier keys, while sessions signed with them live on after a change of SECRET_KEY.
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")

# Fully written origins (https://…) whose forms are accepted, for proxies that change the host.
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

# How many proxies of ours stand before the site: the visitor's address, by which wrong passwords
# are counted, is that far from the right in X-Forwarded-For. 0: the address of the connection.
TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)

# --- Applications, the lowest last (docs/architecture.md) -------------------------------------
INSTALLED_APPS = [
    "mia_site",
    "open_data",
    "search",
    "history",
    "people",
    "structure",
    "units",
    "pages",
    "sources",
    "addresses",
    "accounts",
    "exchange",
    "staff",
    "publishing",
    "chronology",
    "modeltranslation",
    "import_export",
    "django_tasks_db",
    "mptt",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "mia_site.apps.SiteAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "mia_site.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "mia_site.headers.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mia_site.compression.CompressionMiddleware",
    "mia_site.caching.CachingMiddleware",
    "open_data.middleware.ApiMiddleware",
    "mia_site.bad_requests.BadRequestsMiddleware",
    "addresses.moved.LegacyAddressMiddleware",  # before the language is chosen
    "mia_site.caching.VisitorSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.sign_in.SecondFactorMiddleware",
    "addresses.moved.RetiredSlugMiddleware",
    "mia_site.as_of.AsOfMiddleware",
]

ROOT_URLCONF = "mia_site.urls"
WSGI_APPLICATION = "mia_site.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "publishing.templatetags.capital",  # Azerbaijani capitals
                "structure.templatetags.dated",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "mia_site.context.site",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------
try:
    DATABASES = {
        "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}")
    }
except Exception as error:  # django-environ raises whatever its parser raises
    raise ImproperlyConfigured(
        "DATABASE_URL cannot be read. Write postgres://user:password@host:5432/name with special "
        "characters of the password percent-encoded (docs/settings.md)."
    ) from error
_db = DATABASES["default"]
# Connections are kept for this many seconds; 0 opens one for every request.
_db["CONN_MAX_AGE"] = whole_number("DATABASE_CONN_MAX_AGE", default=60)
_db["CONN_HEALTH_CHECKS"] = True
_engine = _db.get("ENGINE")
if _engine == "django.db.backends.sqlite3":
    _db["ENGINE"] = "mia_site.sqlite"
    # Immediate transactions and WAL: readers never wait, writers queue instead of failing. A cache
    # of 32 MB a connection instead of 2: an import of 226,000 units takes a fifth less.
    _db["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;"
        ),
    }
elif _engine == "django.db.backends.postgresql":
    # No request waits for ever: neither for a slow query nor for somebody else's lock. Queries are
    # not compiled first (jit): for those of a page that takes ten times as long as to answer them.
    _db["OPTIONS"] = {
        **_db.get("OPTIONS", {}),
        "options": "-c statement_timeout=30000 -c lock_timeout=15000 -c jit=off",
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Seconds that a change of the structure waits for another one to finish (units/tree/lock.py).
TREE_LOCK_TIMEOUT = whole_number("TREE_LOCK_TIMEOUT", 10)

# --- Cache ----------------------------------------------------------------------------------
# Redis when CACHE_URL is given; a dead Redis slows the site and stops nothing.
CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "mia_site.cache.FailOpenRedisCache", "LOCATION": CACHE_URL}
        if CACHE_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    )
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Languages and time -----------------------------------------------------------------------
# Another language: its line here, chronology/languages/<code>.py, locale/<code>, and migrations
# for its columns (CONTRIBUTING.md).
LANGUAGE_CODE = "az"
LANGUAGES = [("az", "Azərbaycanca"), ("en", "English")]
# Ours, collected by `make messages`; and what libraries say, where their Azerbaijani is wanting
# (docs/glossary-az.md). The first one that has a text wins.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_vendor"]
TIME_ZONE = "Asia/Baku"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # it would print the year 1992 as "1 992"
MODELTRANSLATION_LANGUAGES = tuple(code for code, _name in LANGUAGES)
MODELTRANSLATION_DEFAULT_LANGUAGE = LANGUAGE_CODE
MODELTRANSLATION_FALLBACK_LANGUAGES = MODELTRANSLATION_LANGUAGES

# The code of the unit that the site is about, where several stand at the top.
INSTITUTION = env.str("INSTITUTION", default="mia")

# --- Files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "mia_site.static_files.HashedStaticFilesStorage"
    },
}
# Until `collectstatic` has run they are served from where they lie, so that no page stands bare.
WHITENOISE_USE_FINDERS = DEBUG or not (STATIC_ROOT / "staticfiles.json").exists()
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
# Largest accepted picture: bytes and pixels (width × height).
IMAGE_MAX_BYTES = 8 * 1024 * 1024
IMAGE_MAX_PIXELS = 40_000_000
# Largest accepted request, files included: a picture in a form with room for its text. Of this,
# text fields may take five megabytes.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=20 * 1024 * 1024)
REQUEST_MAX_BYTES = max(2 * IMAGE_MAX_BYTES + 8 * 1024 * 1024, IMPORT_MAX_BYTES + 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "exchange.desk.imports.uploads.NamelessFileUploadHandler",
]

# --- Import and export ------------------------------------------------------------------------
# What a file may hold that somebody uploads (and IMPORT_MAX_BYTES above); the command knows no
# limit of bytes and rows.
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=20_000)
# Units have eleven texts: what the site exports must come in again in any number of languages.
IMPORT_MAX_COLUMNS = env.int("IMPORT_MAX_COLUMNS", default=24 + 20 * len(LANGUAGES))
IMPORT_MAX_CELL = env.int("IMPORT_MAX_CELL", default=20_000)
IMPORT_MAX_UNPACKED = env.int("IMPORT_MAX_UNPACKED", default=100 * 1024 * 1024)
IMPORT_MAX_RATIO = env.int("IMPORT_MAX_RATIO", default=100)
IMPORT_MAX_MEMBERS = env.int("IMPORT_MAX_MEMBERS", default=200)
IMPORT_MAX_DEPTH = env.int("IMPORT_MAX_DEPTH", default=4)
IMPORT_MAX_LEVELS = env.int("IMPORT_MAX_LEVELS", default=50)
# The address of the site as others know it (https://example.gov.az/): it begins the permanent
# identifiers of records in linked data and feeds. Without it, the address that was asked.
SITE_ADDRESS = env.str("SITE_ADDRESS", default="").strip()
if SITE_ADDRESS and not SITE_ADDRESS.startswith(("https://", "http://")):
    raise ImproperlyConfigured(
        f"SITE_ADDRESS is {SITE_ADDRESS!r}. Write it in full, such as https://example.gov.az/."
    )
# Where the files of all public data lie, made anew when something is published.
OPEN_DATA_DIR = Path(env.str("OPEN_DATA_DIR", default=str(VAR_DIR / "open_data")))
# Files up to this size are checked and imported while the editor waits, larger ones by the worker.
IMPORT_AT_ONCE_BYTES = env.int("IMPORT_AT_ONCE_BYTES", default=64 * 1024)
# The licence named in exported packages.
OPEN_DATA_LICENCE = env.str(
    "OPEN_DATA_LICENCE", default="https://creativecommons.org/licenses/by-sa/4.0/"
)
# Without these, django-import-export lets every member of staff import and export.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

# --- Background work --------------------------------------------------------------------------
# Tasks wait in the database for `manage.py db_worker` (`serve` starts one). The development server
# has no worker beside it and does them at once.
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if DEBUG
        else "django_tasks_db.DatabaseBackend"
    }
}

# --- Sign-in --------------------------------------------------------------------------------
# Staff must set up a second factor before they get anywhere; without it they are only reminded.
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=PRODUCTION)
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day

ACCOUNT_ADAPTER = "accounts.sign_in.StaffAccountAdapter"  # nobody signs up
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.SignInForm",
    "reauthenticate": "accounts.sign_in.ConfirmPasswordForm",
}
# Wrong passwords: from one address and for one account, whatever comes first.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/5m/ip,5/5m/key", "login": "60/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_ADAPTER = "accounts.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.sign_in.CodeForm",
    "reauthenticate": "accounts.sign_in.ConfirmCodeForm",
    "activate_totp": "accounts.sign_in.ActivateForm",
}
MFA_TOTP_ISSUER = "DİN – MIA"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones run up to half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are entered by administrators

# --- Headers --------------------------------------------------------------------------------
# Nothing is loaded from anywhere but this site, nothing stands inline in a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mia_site.errors.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
if PRODUCTION:
    # The proxy before the site must set this header itself and drop what visitors send.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = whole_number("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True

# --- Logs -----------------------------------------------------------------------------------
# One line for every request, and a traceback for every error, under the same request id.
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured(f"LOG_LEVEL is {LOG_LEVEL!r}. Write DEBUG, INFO, WARNING or ERROR.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "mia_site.request_id.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "request": {"format": "%(asctime)s [%(request_id)s] %(message)s", "datefmt": "%H:%M:%S"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "line",
        },
        "requests": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "request",
        },
    },
    "loggers": {
        # Django's own console and mail handlers would repeat each line without the request id.
        "django": {"handlers": [], "propagate": True},
        # One line for every import and every refused file.
        "exchange": {"level": "INFO"},
        # "Not found" and the like stand in the line of the request already.
        "django.request": {"level": "ERROR"},
        "mia_site.requests": {
            "handlers": ["requests"],
            "level": "INFO" if env.bool("LOG_REQUESTS", default=True) else "CRITICAL",
            "propagate": False,
        },
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
