"""Records that a file does not mention: closed, deleted, or in use."""

from django.db import models
from django.utils.translation import gettext as _

from exchange.planning.changes import Update
from exchange.problems import Refused


class LeavingRules:
    """Part of KindPlan."""

    def _missing(self):
        if not self.plan.options.delete_missing or self.implied or not self.missing:
            return
        pks = [pk for pk, _code in self.missing]
        loaded = self.load(pks)
        if self.resource.closes:
            at = self.position[self.resource.closes]
            date = self.plan.options.dissolved.text
            for pk in pks:
                old = loaded[pk]
                if not old[at]:
                    new = list(old)
                    new[at] = date
                    self.closes.append(Update(pk, None, old, new, (at,), "close"))
            return
        self.deletes = [(pk, loaded[pk]) for pk in pks]

    def check_deletes(self):
        """Records that others refer to cannot be deleted; what goes with them is said.

        Asked after all kinds are planned: what refers to a record may go in the same import.
        """
        if not self.deletes:
            return
        going = {
            part.resource._meta.model: {pk for pk, _texts in part.deletes}
            for part in self.plan.parts
        }
        for relation in self.resource._meta.model._meta.related_objects:
            self._check_relation(relation, going)

    def _check_relation(self, relation, going):
        model, name = relation.related_model, relation.field.name
        if relation.many_to_many or model._meta.auto_created:
            return
        protects = relation.on_delete in (models.PROTECT, models.RESTRICT)
        leaves = going.get(model, set())
        pks = [pk for pk, _texts in self.deletes]
        texts = dict(self.deletes)
        found = {}
        for start in range(0, len(pks), 5000):
            rows = models.QuerySet(model).filter(**{f"{name}__in": pks[start : start + 5000]})
            for pk, owner in rows.order_by().values_list("pk", relation.field.attname):
                if pk not in leaves:
                    found[owner] = found.get(owner, 0) + 1
        for owner, count in found.items():
            what = {
                "title": self.title(texts[owner]),
                "count": count,
                "records": str(model._meta.verbose_name_plural),
            }
            if protects:
                self.refuse(
                    Refused(
                        "in_use",
                        _("“%(title)s” cannot be deleted: %(count)s × %(records)s refer to it.")
                        % what,
                        _("Keep its row in the file, or change those records first."),
                    )
                )
            elif relation.on_delete is models.CASCADE:
                self.notes.append(
                    _("“%(title)s”: %(count)s × %(records)s will be deleted with it.") % what
                )
