"""What every test shares: quick passwords, plain static files, an own place for uploads, programs.

Tests never touch the ``var/`` of the person who runs them: the database is Django's test database
and uploads go to a temporary folder.
"""

import gc
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

# Playwright keeps an event loop in the main thread; the live-server tests use the ORM beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

HERE = Path(__file__).parent
BROWSER_FIXTURES = {"page", "browser", "context", "new_context", "browser_type"}


def pytest_configure(config):
    # Hashed file names need `collectstatic`; tests ask for pages, not for its result.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        # What a test wrote need not outlive a power cut.
        options = settings.DATABASES["default"].setdefault("OPTIONS", {})
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off"
    # The cache holds the counters that slow down password guessing: each run has its own.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(scope="session", autouse=True)
def _own_uploads(tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    settings.OPEN_DATA_DIR = tmp_path_factory.mktemp("open_data")


@pytest.fixture(autouse=True)
def _forget_throttling():
    """Failed log-ins of one test do not lock out the next one."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _language_of_the_site():
    """A page that one test asks for leaves its language at work for the next one."""
    translation.deactivate()


def chromium():
    """Path of a Chromium of this machine, or None. ``CHROMIUM`` names another one."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def nginx():
    """Path of nginx on this machine, or None; Debian has it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def calc():
    """Path of LibreOffice Calc on this machine, or None."""
    return shutil.which("localc")


# Marker → (how to find what the tests need, its name, how to get it).
TOOLS = {
    "browser": (chromium, "Chromium", "apt-get install chromium) or set CHROMIUM=/path/to/it."),
    "nginx": (nginx, "nginx", "apt-get install nginx)."),
    "calc": (calc, "LibreOffice Calc", "apt-get install libreoffice-calc)."),
}


# Folders and modules that CI runs on one database: dates without records, drawings, and walks over
# pages for what is the same whatever keeps the records.
ONCE = (
    "chart/test_layout.py",
    "chronology/",
    "content/test_seed_facts.py",
    "house/",
    "language/",
    "public/test_search_engines.py",
    "running/test_nginx.py",
    "running/test_setup.py",
    "safety/test_visitors.py",
)


def pytest_collection_modifyitems(config, items):
    missing = {marker for marker, (find, *_words) in TOOLS.items() if find() is None}
    left_out = config.stash.setdefault(_left_out, Counter())
    for item in items:
        path = item.path.relative_to(HERE).as_posix()
        if path.startswith(ONCE):
            item.add_marker(pytest.mark.once)
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        for marker in missing:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"no {TOOLS[marker][1]} on this machine"))
                left_out[marker] += 1


def pytest_collection_finish(session):
    # What is loaded by now stays: that it is not looked through again and again for garbage, and
    # what is made later less often, takes a seventh off the time of tests that ask for pages.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


_left_out = pytest.StashKey[Counter]()


def pytest_terminal_summary(terminalreporter, config):
    for marker, count in config.stash.get(_left_out, Counter()).items():
        _find, name, way = TOOLS[marker]
        terminalreporter.section(f"{marker.upper()} TESTS NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{count} tests need {name} and were left out. Install it (Debian: {way}"
        )


def pytest_sessionfinish(session, exitstatus):
    # .ci/run sets this: there, a missing tool is a failure and not a note.
    left_out = session.config.stash.get(_left_out, Counter())
    if left_out and os.environ.get("REQUIRE_TOOLS") == "1" and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }
