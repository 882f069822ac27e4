"""What the person who imports may not do."""

from django.db import models
from django.utils.translation import gettext as _

from exchange.declaration import ResourceDeclaration
from exchange.problems import Refused
from publishing.models import Publishable, Status, may_publish, why_not_add


class RightsRules:
    """Part of KindPlan."""

    def _rights(self):
        user = self.plan.user
        if user is None:
            return
        names = [column.name for column in self.all_columns]

        def as_dict(texts):
            return dict(zip(names, texts, strict=True))

        model = self.resource._meta.model
        publishes = not issubclass(model, Publishable) or may_publish(user, model)
        # Asking for every row costs; most resources have no rule of their own.
        default_may_change = type(self.resource).may_change is ResourceDeclaration.may_change
        for index in self.creates:
            if not publishes and self.new_text(index, "status") != Status.DRAFT:
                advice = _("Write “draft” as the status, or ask somebody who may publish.")
                self._may_not_publish(index, advice)
            if not default_may_change and not self.resource.may_change(
                user, None, as_dict(self.new_texts(index))
            ):
                self._may_not_change(index, "", self.cell(index, "code"))
        self._rights_of_owners(user)
        if self.origins and (sentence := why_not_add(user, model)):
            for index in self.creates:
                self.refuse(Refused("may_not_add", sentence), index, "code")
        for update in [*self.updates, *self.closes]:
            if not publishes:
                at = self.position["status"]
                schedule = self.position["publish_at"]
                if update.old[at] == Status.PUBLISHED or {at, schedule} & set(update.changed):
                    self._may_not_publish(update.index)
            if not default_may_change and not self.resource.may_change(
                user, as_dict(update.old), as_dict(update.new)
            ):
                self._may_not_change(update.index, self.title(update.old))

    def _rights_of_owners(self, user):
        """Rows that belong to another record change what the public sees where that is public."""
        for name in self.resource.belongs_to:
            target = self.resource.column(name).target
            if not issubclass(target, Publishable) or may_publish(user, target):
                continue
            at = self.position[name]
            touched = [(index, {text(at)}) for index, _pk, text in self._final_rows()]
            for update in self.updates:
                touched.append((update.index, {update.old[at]}))
            touched += [(None, {texts[at]}) for _pk, texts in self.deletes]
            codes = {code for _index, owners in touched for code in owners}
            rows = models.QuerySet(target).filter(status=Status.PUBLISHED)
            public = set(rows.order_by().values_list("code", flat=True)) & codes
            for index, owners in touched:
                if owners & public:
                    self._may_not_publish(index)

    def _may_not_publish(self, index, advice=""):
        self.refuse(
            Refused(
                "may_not_publish",
                _("You may not publish, change or withdraw what the public sees by import."),
                advice or _("Leave this row out of the file, or ask somebody who may publish."),
            ),
            index,
            "status" if "status" in self.place else None,
            self.cell(index, "status") if index is not None else "",
        )

    def _may_not_change(self, index, title, code=""):
        self.refuse(
            Refused(
                "may_not_change",
                _("You may not change “%(title)s”.") % {"title": title or code},
                _("Leave this row out of the file, or ask somebody who may."),
            ),
            index,
            "code",
            code,
        )
