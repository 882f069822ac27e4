"""Codes of other records must exist, in the database or in the same import."""

from django.utils.translation import gettext as _

from exchange.columns import split_codes
from exchange.problems import Refused, shorten


class ReferenceRules:
    """Part of KindPlan."""

    def _touched(self, name):
        """Yield (index, text) of every new text in a column."""
        position = self.position[name]
        place = self.place.get(name)
        if place is not None or name in self.generated:
            for index in self.creates:
                if text := self.new_text(index, name):
                    yield index, text
        for update in self.updates:
            if position in update.changed and update.new[position]:
                yield update.index, update.new[position]

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
            for code in wanted.keys() - known:
                advice = _("Check the code, or import that record first.")
                if guess := self.plan.guess(column.target, code):
                    advice = _("Did you mean “%(word)s”?") % {"word": guess}
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
