"""``manage.py setup_site``: everything between installed packages and a site that can be served."""

import hashlib
import shutil
from importlib.metadata import version

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from accounts.passwords import boxed, new_password
from exchange.writing import coming_pictures, statistics
from history.models import Event
from mia_site.content import CONTENT_FIXTURES
from pages.models import Page
from people.models import Person
from search import upkeep
from search.models import SearchEntry
from units.models import Unit

ADMINISTRATOR = "admin"


class Command(BaseCommand):
    help = (
        "Brings database, content, pictures and static files up to date and makes the first "
        "administrator. May be run any number of times: what is there is kept."
    )
    requires_system_checks = []

    def handle(self, **options):
        try:
            self.say("Database", self.migrate())
            self.say("Content", self.load_content())
            self.say("Search", self.fill_search())
            # The site may have grown since, or a migration rebuilt a table.
            statistics.refresh()
            self.say("Pictures", self.copy_pictures())
            self.say("Static files", self.collect_static_files())
            self.make_administrator()
        except DatabaseError as error:
            raise CommandError(
                f"The database does not do what it is asked: {error}\n"
                f"DATABASE_URL leads to {_place()}. Check that it runs and that its name, user "
                "and password are right."
            ) from error
        except OSError as error:
            raise CommandError(
                f"A file cannot be written: {error}\nMake {settings.VAR_DIR} writable and check "
                "that the disk has room, then try again."
            ) from error

    def say(self, what, result):
        self.stdout.write(f"  {what:<16}{result}")
        self.stdout.flush()

    def migrate(self):
        connection = connections[DEFAULT_DB_ALIAS]
        executor = MigrationExecutor(connection)
        steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if not steps:
            return f"up to date ({connection.vendor})"
        call_command("migrate", verbosity=0, interactive=False)
        return f"{steps} steps applied ({connection.vendor})"

    def load_content(self):
        if any(model.objects.exists() for model in (Unit, Person, Event, Page)):
            return "kept as edited"
        call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
        return f"loaded: {Unit.objects.count()} units, {Event.objects.count()} events"

    def fill_search(self):
        """The index follows every writer; only records older than the index are missing in it."""
        if SearchEntry.objects.exists():
            return "kept in step"
        return f"{upkeep.repair()} records"

    def copy_pictures(self):
        # A database that has just lost a killed import needs a moment to notice.
        coming_pictures.sweep(patience=5)
        source = settings.BASE_DIR / "fixtures" / "media"
        missing = [
            (file, settings.MEDIA_ROOT / file.relative_to(source))
            for file in sorted(source.rglob("*"))
            if file.is_file() and not (settings.MEDIA_ROOT / file.relative_to(source)).exists()
        ]
        for file, target in missing:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        return f"{len(missing)} copied" if missing else "up to date"

    def collect_static_files(self):
        if settings.DEBUG:
            return "served from their places (DEBUG)"
        stamp = settings.VAR_DIR / "static.stamp"
        wanted = _static_fingerprint()
        if stamp.exists() and stamp.read_text() == wanted and settings.STATIC_ROOT.is_dir():
            return "up to date"
        try:
            call_command("collectstatic", verbosity=0, interactive=False)
        except ValueError as error:  # the manifest storage met a reference to a missing file
            raise CommandError(f"The static files cannot be collected: {error}") from error
        stamp.write_text(wanted)
        return "collected and compressed"

    def make_administrator(self):
        users = get_user_model().objects
        if users.filter(is_superuser=True, is_active=True).exists():
            return
        if settings.PRODUCTION:
            self.say("Administrator", "none yet: manage.py createsuperuser")
            return
        password = new_password()
        user, _made = users.get_or_create(username=ADMINISTRATOR)
        user.is_staff = user.is_superuser = user.is_active = True
        user.set_password(password)
        user.save()
        self.say("Administrator", "made")
        self.stdout.write(
            boxed(
                "First administrator. The password is shown only now.",
                "",
                f"  login      {ADMINISTRATOR}",
                f"  password   {password}",
                "",
                "Change it in the admin. Forgotten: make password",
            )
        )


def _static_fingerprint():
    """Changes when a static file comes, goes or is edited, or their treatment changes."""
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    digest = hashlib.sha256(f"{storage} {version('whitenoise')}".encode())
    for finder in get_finders():
        for path, place in finder.list(["CVS", ".*", "*~"]):
            with place.open(path) as file:
                digest.update(path.encode() + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


def _place():
    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    host = f" on {database['HOST']}:{database['PORT'] or 5432}" if database.get("HOST") else ""
    return f"{database['NAME']}{host}"
