"""Two questions of the machines around the site: does it run, can it work."""

import uuid

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request):
    """The process answers; nothing else is asked, so a slow database restarts no machine."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request):
    """200 when requests can be served, 503 when not; which part fails stands in the JSON.

    The database must answer and have every migration. The cache is only reported: without it
    the site is slower, and taking all machines out for it would be worse.
    """
    database = _database()
    report = {"database": database, "cache": _cache()}
    return JsonResponse(report, status=200 if database == "ok" else 503)


_migrated = False


def _database():
    global _migrated
    try:
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        # Asked until the answer is yes; a running process never becomes un-migrated.
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "migrations missing"
            _migrated = True
    except InconsistentMigrationHistory:
        return "migrations missing"
    except DatabaseError:
        return "unreachable"
    return "ok"


def _cache():
    token = uuid.uuid4().hex
    cache.set(f"readyz:{token}", token, 10)
    answer = cache.get(f"readyz:{token}")
    cache.delete(f"readyz:{token}")
    return "ok" if answer == token else "unreachable"
