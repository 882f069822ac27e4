"""Events with their participations, as rows of files."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

import history.translation  # noqa: F401 - the columns of translations must exist
from exchange.columns import ListColumn, split_codes
from exchange.resource import RecordResource
from history import rules
from history.models import Event
from history.record_kinds import PARTICIPANTS
from publishing.record_kinds import kind_of


@dataclass(frozen=True)
class _Participant:
    """A participation that is planned; units and bodies are codes."""

    side: str
    unit: str | None
    external_body: str | None


class EventResource(RecordResource):
    """One row ↔ one event; who took part and where it is written are lists of codes."""

    (
        units_before, units_after, units_concerned,
        bodies_before, bodies_after, bodies_concerned,
    ) = map(ListColumn.of, PARTICIPANTS)  # fmt: skip

    class Meta(RecordResource.Meta):
        model = Event
        fields = [*kind_of(Event).columns]

    def check(self, part):
        """An import warns where publishing by hand would block: numbers of participants."""
        position = part.position
        sides = [(position[one.name], one.fixed["side"], one.to == "unit") for one in PARTICIPANTS]
        concerned = {position["kind"], *(at for at, _side, _is_unit in sides)}
        changed = {u.index for u in part.updates if concerned & set(u.changed)}
        for index, pk, text in part.final_rows():
            if pk is not None and index not in changed:
                continue
            taking_part = [
                _Participant(side, code if is_unit else None, None if is_unit else code)
                for at, side, is_unit in sides
                for code in split_codes(text(at))
            ]
            for sentence in rules.problems(text(position["kind"]), taking_part):
                part.notes.append(
                    _("Row %(row)s, %(code)s: %(sentence)s")
                    % {
                        "row": part.table.number(index),
                        "code": text(position["code"]),
                        "sentence": sentence,
                    }
                )
