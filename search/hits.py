"""Records that were found, as a page shows them: what was found in them is marked."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import get_language

from chronology.languages import reading_order, site_codes
from people.models import Person
from publishing import translated
from publishing.richtext import render
from search import highlighting
from search.holders import best_terms
from search.kinds import BY_KEY, BY_NUMBER
from search.models import KEY_BITS, entry_id
from structure.as_of.names import NAMES
from units import due
from units.changes import NAME
from units.models import DatedName, Unit


@dataclass
class Text:
    """A text of a hit as ``pieces`` ((text, is a hit), …). ``lang``: where it is not the page's."""

    pieces: list
    lang: str = ""

    @classmethod
    def of(cls, text, words, lang=""):
        return cls(highlighting.pieces(text, words), lang)

    @property
    def html(self):
        return highlighting.html_of(self.pieces)

    def __str__(self):
        return "".join(text for text, _hit in self.pieces)


@dataclass
class Hit:
    """A record that was found.

    ``kind``: "unit", "person" …; ``title``: its name on the date; ``other``: its name in another
    language or its abbreviation, where only that was found; ``former``: the DatedName that was
    found, with ``former_name`` as Text; ``term``: the Term of a person whose post was found, with
    ``post_title`` as Text; ``passage``: what else was found, or its summary;
    ``certainty``: whether a unit existed on the date, None for other records; ``is_todays_name``:
    ``other`` is what the unit is called today, and the page answers for another date;
    ``has_kind``: the kind of a unit may be told, which is kept for today only.
    """

    kind: str
    record: Any
    title: Text
    other: Text | None = None
    former: Any = None
    former_name: Text | None = None
    term: Any = None
    post_title: Text | None = None
    passage: Text | None = None
    certainty: Any = None
    is_todays_name: bool = False
    has_kind: bool = True

    @property
    def name(self):
        """The name by which it was found, as Text."""
        return self.former_name or self.other or self.title

    @property
    def kind_title(self):
        """What it is, in a word or two."""
        if self.kind == "unit" and self.has_kind:
            return str(self.record.kind)
        return str(BY_KEY[self.kind].one)

    @property
    def url(self):
        return self.record.get_absolute_url()


def hits(keys, words, as_of):
    """The Hits of entries, in their order; those that have vanished meanwhile are left out.

    At most one query a kind, one for posts, and two for the names of units.
    """
    records = {}
    for number, kind in BY_NUMBER.items():
        pks = [key - entry_id(number, 0) for key in keys if key >> KEY_BITS == number]
        if not pks:
            continue
        rows = kind.visible(as_of).filter(pk__in=pks)
        if kind.model is Unit:
            rows = rows.select_related("kind")
        records.update((entry_id(number, row.pk), row) for row in rows)
    units = [row for row in records.values() if isinstance(row, Unit)]
    people = [row for row in records.values() if isinstance(row, Person)]
    former = _dated_names(units, words, as_of) if units else {}
    terms = best_terms(people, words, as_of) if people else {}
    as_of.prepare([*units, *(term.post.unit for term in terms.values())])
    found = [
        _hit(BY_NUMBER[key >> KEY_BITS], records[key], words, as_of, former)
        for key in keys
        if key in records
    ]
    for hit in found:
        if hit.kind == "person" and (term := terms.get(hit.record.pk)):
            hit.term = term
            hit.post_title = _in_best_language(term.post, "title", words, hit_first=True)
    return found


def _dated_names(units, words, as_of):
    """{key of a unit: DatedName} of those former names that hold most of the words."""
    best = {}
    names = DatedName.objects.begun_or_announced(as_of.user).filter(unit__in=units)
    names = list(names.exclude(NAMES.is_unknown).order_by("code"))
    for turned in due.turned(NAME, units).values() if as_of.reader.is_due else ():
        names = due.as_written(names, turned)
    for name in names:
        texts = translated.texts(name, "name")
        # The shortest of those that hold as many of the words.
        rank = max((highlighting.number_found(text, words), -len(text)) for text in texts)
        if rank[0] and rank > best.get(name.unit_id, ((0, 0), None))[0]:
            best[name.unit_id] = (rank, name)
    return {pk: (rank[0], name) for pk, (rank, name) in best.items()}


def _hit(kind, record, words, as_of, dated_names):
    is_unit = isinstance(record, Unit)
    stem = kind.name[0]
    if is_unit:
        title = Text.of(as_of.name(record), words, as_of.name_language(record) or "")
    else:
        title = _in_best_language(record, stem, words) or Text([(str(record), False)])
    hit = Hit(kind.key, record, title)
    best = highlighting.number_found(str(title), words)
    for code, text in zip(site_codes(), translated.texts(record, stem), strict=True):
        if text and text != str(title):
            count = highlighting.number_found(text, words)
            if count > best:
                hit.other, best = Text.of(text, words, _lang(code)), count
    if not best:
        hit.other = _short(kind, record, words)
    if is_unit:
        hit.certainty, hit.has_kind = as_of.existence(record), as_of.has_today
        hit.is_todays_name = as_of.on is not None and hit.other is not None
        found, former = dated_names.get(record.pk, (0, None))
        if former and found > best:
            hit.former, hit.other = former, None
            hit.former_name = _in_best_language(former, "name", words)
    hit.passage = _passage(kind, record, words, as_of)
    return hit


def _short(kind, record, words):
    """The abbreviation or another short name in which the words stand, or None."""
    for code in reading_order():
        for stem in kind.short:
            text = getattr(record, translated.column(stem, code), "") or ""
            if highlighting.number_found(text, words):
                return Text.of(text, words, _lang(code))
    return None


def _lang(code):
    return "" if code == get_language() else code


def _in_best_language(record, stem, words, hit_first=False):
    """The text in the reader's language, in another where only that one is found or there.

    Titles are shown in the reader's language unless ``hit_first``.
    """
    texts = [
        Text.of(text, words, _lang(code))
        for code in reading_order()
        if (text := getattr(record, translated.column(stem, code), ""))
    ]
    if not texts or (stem == "title" and not hit_first):
        return texts[0] if texts else None
    return max(texts, key=lambda text: any(hit for _text, hit in text.pieces))


def _passage(kind, record, words, as_of):
    """The summary in the reader's language, or the place of a long text where words stand."""
    summary = None
    for code in reading_order():
        for stem in (*kind.summary, *kind.body):
            if stem in kind.of_today and not as_of.has_today:
                continue
            text = getattr(record, translated.column(stem, code), "") or ""
            if not text:
                continue
            if stem in kind.body:
                text = " ".join(strip_tags(render(text)).split())
            if cut := highlighting.passage(text, words):
                return Text(cut, _lang(code))
            if summary is None and stem == "summary":
                summary = Text([(_beginning(text), False)], _lang(code))
    return summary


def _beginning(text, length=220):
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"
