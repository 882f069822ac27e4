"""What records hold, read from the database as the cells of a file."""

from exchange.registry import resource_of


def cells_of(rows, without=()):
    """Canonical texts of a few records, a list for each, in the order of their codes.

    ``rows``: a QuerySet; ``without``: names of columns to leave out. An empty list for a model
    that no resource describes.
    """
    resource = resource_of(rows.model)
    if resource is None:
        return []
    columns = [column for column in resource.columns() if column.name not in without]
    ids = rows.order_by().values("pk")
    records = resource.rows().filter(pk__in=ids).order_by("code")
    return [texts for _pk, texts in resource.texts(columns, records, chunk=None, ids=ids)]
