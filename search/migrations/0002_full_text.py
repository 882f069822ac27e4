"""The full-text tables beside the index; they follow it by themselves."""

from django.db import migrations

PARTS = ("name", "former", "short", "summary", "body")
COLUMNS = ", ".join(PARTS)

SQLITE = [
    f"""CREATE VIRTUAL TABLE search_fulltext USING fts5(
        {COLUMNS}, content='search_searchentry', content_rowid='id', tokenize='ascii',
        prefix='2 3', detail='column')""",
    f"""CREATE TRIGGER search_entry_added AFTER INSERT ON search_searchentry BEGIN
        INSERT INTO search_fulltext(rowid, {COLUMNS})
        VALUES (new.id, {", ".join(f"new.{p}" for p in PARTS)});
        END""",  # noqa: S608
    f"""CREATE TRIGGER search_entry_removed AFTER DELETE ON search_searchentry BEGIN
        INSERT INTO search_fulltext(search_fulltext, rowid, {COLUMNS})
        VALUES ('delete', old.id, {", ".join(f"old.{p}" for p in PARTS)});
        END""",  # noqa: S608
    f"""CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_searchentry BEGIN
        INSERT INTO search_fulltext(search_fulltext, rowid, {COLUMNS})
        VALUES ('delete', old.id, {", ".join(f"old.{p}" for p in PARTS)});
        INSERT INTO search_fulltext(rowid, {COLUMNS})
        VALUES (new.id, {", ".join(f"new.{p}" for p in PARTS)});
        END""",  # noqa: S608
]
SQLITE_BACK = [
    "DROP TRIGGER search_entry_added",
    "DROP TRIGGER search_entry_removed",
    "DROP TRIGGER search_entry_changed",
    "DROP TABLE search_fulltext",
]

WEIGHTS = dict(zip(PARTS, "ABCDD", strict=True))
VECTOR = " || ".join(
    f"setweight(to_tsvector('pg_catalog.simple'::regconfig, {p}), '{w}')" for p, w in WEIGHTS.items()
)
POSTGRESQL = [
    f"ALTER TABLE search_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    "CREATE INDEX search_entry_vector ON search_searchentry USING gin (vector)",
    # Without the right to make the extension the site works, it corrects typing mistakes more
    # slowly. `manage.py check_search` says how to get it.
    """DO $$ BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX search_word_trigrams ON search_searchword USING gist (word gist_trgm_ops);
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported
            OR undefined_object THEN
        RAISE WARNING 'search: the extension pg_trgm is missing; see manage.py check_search';
    END $$""",
]
POSTGRESQL_BACK = [
    "DROP INDEX IF EXISTS search_word_trigrams",
    "DROP INDEX search_entry_vector",
    "ALTER TABLE search_searchentry DROP COLUMN vector",
]


def run(editor, on_sqlite, on_postgresql):
    vendor = editor.connection.vendor
    for statement in {"sqlite": on_sqlite, "postgresql": on_postgresql}[vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: run(editor, SQLITE, POSTGRESQL),
            lambda apps, editor: run(editor, SQLITE_BACK, POSTGRESQL_BACK),
        )
    ]
