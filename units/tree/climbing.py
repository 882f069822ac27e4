"""The way up from a unit by its parent links.

The tree numbers tell it too, but a database then looks at every unit that stands before this one:
half a tree. A recursive query looks at the superiors alone.
"""

from django.db import connections

from .lock import unit_model

# A sound tree is never so deep; a cycle of parent links would be endless.
_HIGHEST = 1000


def superior_ids(unit):
    """The primary keys of all units above ``unit``, nearest first; one query, none at the top."""
    if unit.parent_id is None:
        return []
    model = unit_model()
    connection = connections[unit._state.db or "default"]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE above(id, parent_id, steps) AS ("  # noqa: S608 - our own table's name
            f"SELECT id, parent_id, 1 FROM {table} WHERE id = %s UNION ALL "
            f"SELECT u.id, u.parent_id, steps + 1 FROM {table} u JOIN above ON u.id = "
            f"above.parent_id WHERE steps < %s) SELECT id FROM above ORDER BY steps",
            [unit.parent_id, _HIGHEST],
        )
        return [pk for (pk,) in cursor.fetchall()]
