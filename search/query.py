"""What a person asks for: any text, read as words."""

from dataclasses import dataclass
from functools import cached_property

from chronology.languages import known
from publishing.text import fold

QUERY_LENGTH = 200
_MOST_WORDS = 12
_LONGEST_WORD = 100
# The last word is perhaps not typed to its end; a single letter says too little for that.
_SHORTEST_PREFIX = 2
# Asked for only where nothing else is: names leave them out as often as not.
_SMALL_WORDS = frozenset(word for one in known().values() for word in one.small_words)
# How English and transliterated Russian write letters that Azerbaijani has: Ganja, Sheki, Khatai.
_DIGRAPHS = (("sh", "s"), ("ch", "c"), ("kh", "x"), ("gh", "g"), ("zh", "j"), ("j", "c"))


@dataclass(frozen=True)
class Word:
    """One word of a query. ``forms``: the ways in which the index may have it; ``prefix``: what
    only begins with one of them counts as well."""

    forms: tuple
    prefix: bool = False

    def found_in(self, text):
        """Whether a folded text, with a blank before and after it, has this word."""
        # Lists, not generators: thousands of texts are asked for one page.
        forms = self._begun if self.prefix else self._whole
        return any([form in text for form in forms])  # noqa: C419

    def whole_in(self, text):
        """Whether it stands there as it was typed, not only as a beginning."""
        return any([form in text for form in self._whole])  # noqa: C419

    @cached_property
    def _begun(self):
        return tuple(f" {form}" for form in self.forms)

    @cached_property
    def _whole(self):
        return tuple(f" {form} " for form in self.forms)

    def is_like(self, token):
        """Whether one folded word of a text is this word."""
        if self.prefix:
            return token.startswith(self.forms)
        return token in self.forms


def _forms(word, other):
    """The word, with ``a`` for ``ə``, and both with letters in place of digraphs."""
    found = [word, other]
    for one in (word, other):
        for digraph, letter in _DIGRAPHS:
            one = one.replace(digraph, letter)
        found.append(one)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Query:
    """A text that somebody typed. ``text``: as typed, cut to 200 characters."""

    text: str

    @classmethod
    def of(cls, typed):
        return cls(" ".join(str(typed)[:QUERY_LENGTH].split()))

    @cached_property
    def _folded(self):
        other = self.text.replace("ə", "a").replace("Ə", "a")
        pairs = zip(fold(self.text).split(), fold(other).split(), strict=True)
        return [(a[:_LONGEST_WORD], b[:_LONGEST_WORD]) for a, b in pairs][:_MOST_WORDS]

    @cached_property
    def words(self):
        """The words to look for: without small ones unless there is nothing else."""
        folded = self._folded
        chosen = [pair for pair in folded if pair[0] not in _SMALL_WORDS] or folded
        last = len(chosen) - 1
        return [
            Word(
                _forms(*pair),
                # A small word at the end says that the one before it is whole.
                prefix=number == last and pair is folded[-1] and len(pair[0]) >= _SHORTEST_PREFIX,
            )
            for number, pair in enumerate(chosen)
        ]

    @cached_property
    def phrases(self):
        """The whole query folded, small words included, in each way of writing."""
        forms = [_forms(*pair) for pair in self._folded]
        phrases = [" ".join(form[min(n, len(form) - 1)] for form in forms) for n in range(4)]
        return tuple(dict.fromkeys(phrase for phrase in phrases if phrase))

    @cached_property
    def padded(self):
        """The phrases with a blank before and after them."""
        return tuple(f" {phrase} " for phrase in self.phrases)

    @cached_property
    def begun(self):
        """The phrases with a blank before them."""
        return tuple(f" {phrase}" for phrase in self.phrases)

    def loosened(self, is_found):
        """The words, those that are not found by themselves (or else all) as beginnings without
        their endings: ``departments`` → ``departmen…``."""
        cut = [word for word in self.words if not is_found(word)] or self.words
        return [
            Word(tuple(dict.fromkeys(f[: max(4, len(f) - 2)] for f in w.forms)), prefix=True)
            if w in cut and len(w.forms[0]) > 4
            else w
            for w in self.words
        ]

    def __bool__(self):
        return bool(self.words)
