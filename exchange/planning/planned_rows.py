"""Some columns of a table as a plan leaves them, and as they are: what rules over rows ask."""

from operator import itemgetter

from exchange.registry import resource_for
from publishing.narrowing import narrowed


class PlannedRows:
    """The rows of one kind. Texts are canonical, those of the columns ``names``, ``code`` first.

    ``after``: {code: texts} of what the plan writes, None for what it deletes; ``before``: {code:
    texts} of what it changes or deletes. Changed is what has another text in one of ``names``;
    ``titles`` are further columns, only to be shown.
    """

    def __init__(self, plan, kind, names, titles=()):
        self._asked = frozenset(names)
        self.names = ["code", *names, *titles]
        self.resource = resource_for(kind)
        self.after, self.before = {}, {}
        part = plan.part(kind)
        if part is not None and "code" in part.place:
            self._read(part)

    def _read(self, part):
        created = list(zip(*(part.new_texts_of(name) for name in self.names), strict=True))
        self.after.update(zip((texts[0] for texts in created), created, strict=True))
        positions = [part.position[name] for name in self.names]
        asked = {part.position[name] for name in self._asked}
        pick = itemgetter(*positions)
        for update in [*part.updates, *part.closes]:
            if not asked.isdisjoint(update.changed):
                code = update.new[positions[0]]
                self.before[code], self.after[code] = pick(update.old), pick(update.new)
        for _pk, texts in part.deletes:
            self.before[texts[positions[0]]], self.after[texts[positions[0]]] = pick(texts), None

    def written(self, was=False):
        """Texts of all that the plan writes (``was``: as it was before)."""
        rows = self.before if was else self.after
        return [texts for texts in rows.values() if texts is not None]

    def touched(self, name):
        """What the touched rows have in a column, before or after: a set of texts."""
        at = self.names.index(name)
        rows = [*self.written(), *self.written(was=True)]
        return {texts[at] for texts in rows} - {""}

    def changed(self, *names):
        """Codes of the rows that were there and get another text in one of these columns."""
        at = [self.names.index(name) for name in names]
        return {
            code
            for code, old in self.before.items()
            if (new := self.after[code]) is None or any(old[i] != new[i] for i in at)
        }

    def among(self, name, wanted, was=False):
        """Yield the texts of the rows that have one of ``wanted`` in a column, those that the plan
        leaves alone included."""
        at = self.names.index(name)
        if name == "code":
            rows = self.before if was else self.after
            yield from filter(None, map(rows.get, wanted))
            wanted = set(wanted) - self.after.keys()
        else:
            yield from (texts for texts in self.written(was) if texts[at] in wanted)
        if wanted:
            columns = [self.resource.column(one) for one in self.names]
            path = "code" if name == "code" else f"{name}__code"
            rows = narrowed(self.resource.rows(), path, wanted)
            for _pk, texts in self.resource.texts(columns, rows):
                if texts[at] in wanted and texts[0] not in self.after:
                    yield tuple(texts)
