"""People, posts and terms of office, as rows of files."""

from django.utils.translation import gettext as _

import people.translation  # noqa: F401 - the columns of translations must exist
from chronology import HistoricalDate, overlap, validate_period
from exchange import register
from exchange.columns import translated
from exchange.problems import Refused
from exchange.resource import RecordResource
from people.models import Person, Post, Term
from publishing.models import Coded


@register
class PersonResource(RecordResource):
    kind = "people"

    class Meta(RecordResource.Meta):
        model = Person
        fields = [
            "code", *translated("name"), "name_variants", "slug", *translated("rank", "summary"),
            *translated("body"), "portrait", *translated("portrait_alt"), "status", "publish_at",
        ]  # fmt: skip


@register
class PostResource(RecordResource):
    kind = "posts"
    belongs_to = ("unit",)

    class Meta(RecordResource.Meta):
        model = Post
        fields = [
            "code",
            "unit",
            *translated("title"),
            "is_head",
            *translated("how_filled"),
            "order",
        ]

    def update_order(self, updates):
        """Whoever stops being the head goes first: a unit has one head at a time."""
        at = self.columns().index(self.column("is_head"))
        return sorted(updates, key=lambda update: update.new[at] == "yes")


@register
class TermResource(RecordResource):
    kind = "terms"
    belongs_to = ("post", "person")

    class Meta(RecordResource.Meta):
        model = Term
        fields = ["code", "post", "person", "begin", "end", "acting", *translated("note")]

    def clean_row(self, record):
        """The rules of the one row; whether terms overlap is asked in ``check``."""
        Coded.clean(record)
        validate_period(record.begin, record.end)

    def check(self, part):
        """Terms of one head post do not overlap, on what the table would hold afterwards."""
        position = part.position
        touched = {update.pk for update in part.updates}
        wanted = {}
        for index, _pk, text in part._final_rows():
            wanted.setdefault(text(position["post"]), []).append((index, text))
        heads = self._heads(part, set(wanted))
        if not heads:
            return
        columns = [self.column(name) for name in ("code", "post", "person", "begin", "end")]
        others = {}
        rows = self.rows().exclude(pk__in=touched) if len(touched) < 500 else self.rows()
        for pk, (code, post, person, begin, end) in self.texts(columns, rows):
            if post in heads and pk not in touched:
                others.setdefault(post, []).append((None, code, person, begin, end))
        for post in heads & wanted.keys():
            terms = list(others.get(post, []))
            for index, text in wanted[post]:
                names = ("code", "person", "begin", "end")
                terms.append((index, *(text(position[name]) for name in names)))
            self._overlaps(part, terms)

    def _heads(self, part, posts):
        """Those of the posts (codes) that are the head of their unit after this import."""
        heads = set()
        rows = Post.objects.filter(is_head=True).order_by()
        heads.update(rows.values_list("code", flat=True))
        own = part.plan.part("posts")
        if own is not None:
            for _index, _pk, text in own._final_rows():
                code = text(own.position["code"])
                heads.discard(code)
                if text(own.position["is_head"]) == "yes":
                    heads.add(code)
        return heads & posts

    def _overlaps(self, part, terms):
        periods = [(_date(begin), _date(end)) for _i, _code, _person, begin, end in terms]
        for n, (index, code, _person, begin, _end) in enumerate(terms):
            if index is None:
                continue
            for m, (other_index, other_code, person, _begin, _other_end) in enumerate(terms):
                if code == other_code or (other_index is not None and m > n):
                    continue
                if overlap(periods[n], periods[m]):
                    part.refuse(
                        Refused(
                            "overlap",
                            _("On some days %(person)s holds this post too (%(code)s).")
                            % {"person": person, "code": other_code},
                            _("End the earlier term on the day the next one begins."),
                        ),
                        index,
                        "begin",
                        begin,
                    )


def _date(text):
    return HistoricalDate.parse(text) if text else None
