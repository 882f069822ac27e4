"""How much a file may hold. Each limit is a setting, ``EXCHANGE_…`` (docs/settings.md)."""

from dataclasses import dataclass

from django.conf import settings


def _setting(name, default):
    return getattr(settings, f"EXCHANGE_{name}", default)


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
            file_bytes=_setting("MAX_BYTES", 20 * 1024 * 1024),
            rows=_setting("MAX_ROWS", 20_000),
            columns=_setting("MAX_COLUMNS", 64),
            cell=_setting("MAX_CELL", 20_000),
            xlsx_unpacked=_setting("MAX_UNPACKED", 100 * 1024 * 1024),
            xlsx_ratio=_setting("MAX_RATIO", 100),
            xlsx_members=_setting("MAX_MEMBERS", 200),
            json_depth=_setting("MAX_DEPTH", 4),
            levels=_setting("MAX_LEVELS", 50),
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
            }
        )
