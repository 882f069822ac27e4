"""Codes of other records must exist, in the database or in the same import."""

from django.db import models
from django.utils.translation import gettext as _

from exchange.columns import split_codes
from exchange.columns.nothing import says_nothing
from exchange.problems import Refused, shorten
from exchange.registry import resource_of
from publishing.text import fold


class ReferenceRules:
    """Part of KindPlan."""

    def _touched(self, name):
        """Yield (index, text) of every new text in a column."""
        position = self.position[name]
        place = self.place.get(name)
        if place is not None or name in self.generated:
            for index, text in zip(self.creates, self.new_texts_of(name), strict=True):
                if text:
                    yield index, text
        if place is not None:  # a row that is refused already says its other mistakes, too
            for index in self.refused_rows:
                text = self.rows[index][place]
                if text and (index, name) not in self.bad_cells:
                    yield index, text
        for update in self.updates:
            if position in update.changed and update.new[position]:
                yield update.index, update.new[position]

    def _about_unknown(self, column, code, bearers):
        """Advice for a code that no record has. ``bearers``: codes of records of that name."""
        if len(bearers) == 1:
            return _("It is the name of the record “%(code)s”: write that code.") % {
                "code": shorten(bearers[0])
            }
        if bearers:
            return _("It is the name of %(count)s records: write the code of the one meant.") % {
                "count": len(bearers)
            }
        if not column.required and (says_nothing(code) or code.strip() == "0"):
            if column.name == "parent" and self.resource.tree:
                return _(
                    "Write the code of the superior. The cell is empty only for what stands at the "
                    "very top."
                )
            return _(
                "Write the code. The cell is empty only where there is none at all; that also "
                "takes away the one that the site has."
            )
        if guess := self.plan.guess(column.target, code):
            return _("Did you mean “%(word)s”?") % {"word": guess}
        return _("Check the code, or import that record first.")

    def _codes_by_name(self, model, words):
        """{folded name: [codes]} of records, in the file or the database, that bear these names.

        Other registers name a superior by its title.
        """
        wanted, found = {fold(word) for word in words} - {""}, {}
        names = model.title_fields() if hasattr(model, "title_fields") else []

        def learn(code, titles):
            for folded in {fold(title) for title in titles if title} & wanted:
                if code not in found.setdefault(folded, []):
                    found[folded].append(code)

        resource = resource_of(model)
        part = self if model is self.resource._meta.model else None
        part = part or (self.plan.part(resource.kind) if resource else None)
        if part is not None:
            places = [part.place[name] for name in names if name in part.place]
            for code, index in part.codes.items():
                learn(code, [part.rows[index][place] for place in places])
        if names:
            rows = models.QuerySet(model).order_by().values_list("code", *names)
            for code, *titles in rows.iterator(chunk_size=5000):
                learn(code, titles)
        return found

    def _references(self):
        """Every code that is referred to must exist, in the database or in the same import."""
        for _i, column in self.active:
            if column.target is None:
                continue
            wanted = {}
            for index, text in self._touched(column.name):
                for code in split_codes(text) if column.many else (text,):
                    wanted.setdefault(code, []).append(index)
            if not wanted:
                continue
            known = self.plan.known_codes(column.target, wanted)
            unknown = wanted.keys() - known
            named = self._codes_by_name(column.target, unknown) if unknown else {}
            for code in unknown:
                advice = self._about_unknown(column, code, named.get(fold(code), ()))
                for index in wanted[code]:
                    self.refuse(
                        Refused(
                            "unknown_reference",
                            _("There is no record with the code “%(code)s”.")
                            % {"code": shorten(code)},
                            advice,
                        ),
                        index,
                        column.name,
                        code,
                    )
