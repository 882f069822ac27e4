"""People, posts and terms of office, as rows of files."""

from django.utils.translation import gettext as _

import people.translation  # noqa: F401 - the columns of translations must exist
from chronology import HistoricalDate, overlap
from exchange.columns import SinceColumn
from exchange.problems import Refused
from exchange.resource import RecordResource
from people.models import Post, Term
from publishing.narrowing import narrowed
from publishing.record_kinds import kind_of


class PostResource(RecordResource):
    belongs_to = ("unit",)

    class Meta(RecordResource.Meta):
        model = Post
        fields = [*kind_of(Post).columns]

    def check(self, part):
        """A post that several hold at once does not become the head; where the file has terms,
        those are looked at with what it says of them."""
        if any(table.kind == TermResource.kind for table in part.plan.book.tables):
            return
        new_heads = becoming_heads(part)
        for post, terms in TermResource.stored(set(new_heads)).items():
            refuse_overlaps(terms, part, new_heads[post])

    def update_order(self, updates):
        """Whoever stops being the head goes first: a unit has one head at a time."""
        at = self.columns().index(self.column("is_head"))
        return sorted(updates, key=lambda update: update.new[at] == "yes")


class TermResource(RecordResource):
    belongs_to = ("post", "person")

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        if field_name == "begin":
            return SinceColumn(field_name, django_field)
        return super().field_from_django_field(field_name, django_field, readonly)

    class Meta(RecordResource.Meta):
        model = Term
        fields = [*kind_of(Term).columns]

    def check(self, part):
        """Terms of one head post do not overlap, on what the table would hold afterwards."""
        posts = part.plan.part(PostResource.kind)
        new_heads = becoming_heads(posts) if posts else {}
        written = {}  # by post
        for index, _pk, text in part.final_rows():
            post, *texts = (text(part.position[name]) for name in _TERM)
            written.setdefault(post, []).append(_Term(index, *texts))
        heads = self._heads(posts, written.keys() | new_heads.keys())
        gone = {update.pk for update in part.updates} | {pk for pk, _texts in part.deletes}
        stored = self.stored(heads, gone)
        for post in heads:
            terms = stored.get(post, []) + written.get(post, [])
            refuse_overlaps(terms, part, None)
            if post in new_heads:
                refuse_overlaps(stored.get(post, []), posts, new_heads[post])

    @classmethod
    def stored(cls, posts, gone=()):
        """``{post: [_Term, …]}`` of those of ``posts`` (codes) that have terms, without those with
        keys in ``gone``."""
        found = {}
        if posts:
            columns = [cls.fields[name] for name in _TERM]
            rows = narrowed(cls.rows(), "post__code", posts)
            for pk, (post, *texts) in cls.texts(columns, rows):
                if post in posts and pk not in gone:
                    found.setdefault(post, []).append(_Term(None, *texts))
        return found

    @staticmethod
    def _heads(part, posts):
        """Those of ``posts`` (codes) that lead their units after this import. ``part``: the
        KindPlan of posts, None where the file has none."""
        heads = set(Post.objects.heads().order_by().values_list("code", flat=True))
        if part is not None:
            for _index, _pk, text in part.final_rows():
                code = text(part.position["code"])
                heads.discard(code)
                if text(part.position["is_head"]) == "yes":
                    heads.add(code)
        return heads & posts


_TERM = ("post", "code", "person", "begin", "end")


class _Term:
    """A term of a post. ``index``: of its row, None for one that the file leaves as it is."""

    def __init__(self, index, code, person, begin, end):
        self.index, self.code, self.person, self.written = index, code, person, begin
        self.period = [HistoricalDate.parse(text) if text else None for text in (begin, end)]


def becoming_heads(part):
    """{code: index of its row} of the posts that a KindPlan makes the heads of their units."""
    code, is_head = part.position["code"], part.position["is_head"]
    return {
        update.new[code]: update.index
        for update in part.updates
        if is_head in update.changed and update.new[is_head] == "yes"
    }


def refuse_overlaps(terms, part, index):
    """Refuse the terms of one head post that overlap with one before them in the list.

    Those of rows of the file at their own row of ``part``; those that the file leaves as they are
    at the row ``index`` of ``part``, the KindPlan of posts, unless it is None.
    """
    for number, term in enumerate(terms):
        for other in terms[:number]:
            at = (term.index, "begin") if index is None else (index, "is_head")
            if at[0] is None or not overlap(term.period, other.period):
                continue
            part.refuse(
                Refused(
                    "overlap",
                    _("On some days %(person)s holds this post too (%(code)s).")
                    % {"person": other.person, "code": other.code},
                    _("End the earlier term on the day the next one begins."),
                ),
                at[0],
                at[1],
                term.written if index is None else "",
            )
