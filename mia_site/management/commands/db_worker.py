"""``manage.py db_worker``: django-tasks-db's worker, which tidies up first and outlives pauses of
the database."""

import time

from django.db import InterfaceError, OperationalError, close_old_connections
from django_tasks_db.management.commands import db_worker

from exchange.desk.imports import jobs
from mia_site import midnight

PAUSE = 2  # seconds


class Command(db_worker.Command):
    help = (
        "Does the work that waits: checking and importing large files, and what takes effect at "
        "midnight."
    )

    def handle(self, **options):
        if not options.get("batch"):
            midnight.watch()
        while True:
            try:
                jobs.sweep()
                return super().handle(**options)
            except (InterfaceError, OperationalError) as error:
                # The database restarts, or (SQLite) a long import holds it.
                self.stderr.write(f"The database does not answer: {error}".strip())
                close_old_connections()
                time.sleep(PAUSE)
