"""How much a file may hold. Each limit is a setting, ``IMPORT_…`` (docs/settings.md)."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Limits:
    """Bytes, rows and so on; None means no limit."""

    file_bytes: int | None
    rows: int | None
    columns: int
    cell: int
    xlsx_unpacked: int
    xlsx_ratio: int
    xlsx_members: int
    json_depth: int
    levels: int

    @classmethod
    def browser(cls):
        """For a file that somebody uploads."""
        return cls(
            file_bytes=settings.IMPORT_MAX_BYTES,
            rows=settings.IMPORT_MAX_ROWS,
            columns=settings.IMPORT_MAX_COLUMNS,
            cell=settings.IMPORT_MAX_CELL,
            xlsx_unpacked=settings.IMPORT_MAX_UNPACKED,
            xlsx_ratio=settings.IMPORT_MAX_RATIO,
            xlsx_members=settings.IMPORT_MAX_MEMBERS,
            json_depth=settings.IMPORT_MAX_DEPTH,
            levels=settings.IMPORT_MAX_LEVELS,
        )

    @classmethod
    def command(cls):
        """For a file that somebody with a shell imports: no limit of size, the same checks."""
        own = cls.browser()
        return cls(
            **{
                **{name: getattr(own, name) for name in own.__dataclass_fields__},
                "file_bytes": None,
                "rows": None,
                "xlsx_unpacked": 20 * own.xlsx_unpacked,
                # A site has more pictures than a workbook has sheets.
                "xlsx_members": 50 * own.xlsx_members,
            }
        )
