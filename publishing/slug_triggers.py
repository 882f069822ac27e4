"""The database keeps every slug that a record leaves behind, whoever writes.

A form, an import that writes sets of rows, ``loaddata``, ``QuerySet.update()`` and a hand-typed
UPDATE all pass here; nothing in Python would see all of them (ADR 17).
"""

from django.apps import apps as installed
from django.db import connections, models

_ROW = """
    DELETE FROM publishing_retiredslug
        WHERE kind = {kind} AND slug = NEW.slug AND code = NEW.code;
    INSERT INTO publishing_retiredslug (kind, slug, code, retired_at)
        VALUES ({kind}, OLD.slug, NEW.code, {now})
        ON CONFLICT (kind, slug)
        DO UPDATE SET code = excluded.code, retired_at = excluded.retired_at;
"""
# A slug that only makes room while an import swaps two of them (exchange/writer.py) is none, nor
# is the empty one that older versions stored.
_WHEN = "OLD.slug <> NEW.slug AND OLD.slug <> '' AND OLD.slug NOT LIKE '-' || OLD.id || '-%'"

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {name} AFTER UPDATE OF slug ON {table}
WHEN """ + _WHEN + """
BEGIN {row} END
"""  # fmt: skip

_FUNCTION = """
CREATE OR REPLACE FUNCTION publishing_retire_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {row} RETURN NULL; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {name} AFTER UPDATE OF slug ON {table} FOR EACH ROW
WHEN (""" + _WHEN + """) EXECUTE FUNCTION publishing_retire_slug('{label}')
"""  # fmt: skip


def models_with_slugs(apps=installed):
    """Every model whose records have a code and an address."""
    return [
        model
        for model in apps.get_models()
        if {"slug", "code"} <= {field.name for field in model._meta.local_concrete_fields}
        and isinstance(model._meta.get_field("slug"), models.SlugField)
    ]


def name_of(model):
    return f"{model._meta.db_table}_retire_slug"


def there_are(connection):
    """The names of the triggers that the database has."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        return {name for (name,) in cursor.fetchall()}


def create(sender=None, using="default", **_signal):
    """Make the triggers that are missing: a receiver of ``post_migrate``."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if "publishing_retiredslug" not in tables:
        return
    there = there_are(connection)
    missing = [
        model
        for model in models_with_slugs()
        if model._meta.db_table in tables and name_of(model) not in there
    ]
    if not missing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
        else:
            cursor.execute(_FUNCTION.format(row=_ROW.format(kind="TG_ARGV[0]", now="now()")))
        for model in missing:
            words = {
                "name": connection.ops.quote_name(name_of(model)),
                "table": connection.ops.quote_name(model._meta.db_table),
                "label": model._meta.label_lower,
            }
            if connection.vendor == "sqlite":
                row = _ROW.format(kind=f"'{words['label']}'", now=now)
                cursor.execute(_SQLITE.format(row=row, **words))
            else:
                cursor.execute(_POSTGRESQL.format(**words))


def drop(sender=None, using="default", **_signal):
    """Take SQLite's triggers away while tables are rebuilt: a receiver of ``pre_migrate``.

    SQLite renames no table while a trigger mentions one that is just being rebuilt.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for name in there_are(connection):
            if name.endswith("_retire_slug"):
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
