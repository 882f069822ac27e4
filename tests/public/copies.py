"""Very many units in a moment: one row of the database copied past the ORM, the tree kept."""

import json

from django.db import connection

from units.models import Unit


def copy_unit(unit, *, name, number=0):
    """Copy the row of ``unit``, the last of the top row, to further units at the top.

    ``name``: a list of ``(name_az, name_en)``, or two SQL expressions of ``n`` (1 to ``number``).
    """
    if isinstance(name, list):
        given, params = _listed(name)
        columns = {"name_az": "az", "name_en": "en"}
    else:
        given = (
            "(WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted"
            " WHERE n < %s) SELECT n FROM counted) AS given"
        )
        params, columns = [number], dict(zip(("name_az", "name_en"), name, strict=True))
    columns |= {
        "id": "id + n", "code": "'copy-' || n", "slug": "'copy-' || n", "tree_id": "tree_id + n",
        '"order"': '"order" + n',
    }  # fmt: skip
    table = Unit._meta.db_table
    quoted = {f.column: connection.ops.quote_name(f.column) for f in Unit._meta.concrete_fields}
    columns["name"] = columns["name_az"]
    values = [columns.get(name, columns.get(sql, sql)) for name, sql in quoted.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(quoted.values())})"
            f" SELECT {', '.join(values)} FROM {table} CROSS JOIN {given} WHERE id = {unit.pk:d}",
            params,
        )


def _listed(names):
    if connection.vendor == "postgresql":
        given = "unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given(az, en, n)"
        return given, [*map(list, zip(*names, strict=True))]
    given = (
        "(SELECT key + 1 AS n, json_extract(value, '$[0]') AS az, json_extract(value, '$[1]') AS en"
        " FROM json_each(%s)) AS given"
    )
    return given, [json.dumps(names)]
