"""An address that a record has left behind still leads to it: no other record takes it."""

from django.utils.translation import gettext as _

from exchange.problems import Refused, shorten
from publishing.models import RetiredSlug
from publishing.narrowing import narrowed


def check_addresses(part):
    """Refuse former addresses of other records that are still there."""
    if "slug" not in part.position:
        return
    wanted = {slug: index for index, slug in part.touched("slug")}
    if not wanted:
        return
    rows = RetiredSlug.objects.of(part.model).order_by()
    rows = narrowed(rows, "slug", wanted)
    found = [
        (slug, code)
        for slug, code in rows.values_list("slug", "code").iterator(chunk_size=5000)
        if slug in wanted and code != part.cell(wanted[slug], "code")
    ]
    owners = _there_is(part, [code for _slug, code in found])
    for slug, code in found:
        if code in owners:
            part.refuse(
                Refused(
                    "retired_slug",
                    _("This address was that of the record “%(code)s” and still leads there.")
                    % {"code": shorten(code)},
                    _("Choose another one, or leave the cell empty."),
                ),
                wanted[slug],
                "slug",
                slug,
            )


def _there_is(part, codes):
    """Those of ``codes`` that records in the database have."""
    there = set()
    for start in range(0, len(codes), 500):
        rows = part.resource.rows().filter(code__in=codes[start : start + 500])
        there.update(rows.values_list("code", flat=True))
    return there
