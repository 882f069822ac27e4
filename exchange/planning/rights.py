"""What the person who imports may not do."""

from django.db import models
from django.utils.translation import gettext as _

from exchange.declaration import ResourceDeclaration
from exchange.problems import Refused
from publishing.models import Publishable, Status, may_publish, why_not_add


def check_rights(part):
    user = part.plan.user
    if user is None:
        return
    names = [column.name for column in part.all_columns]

    def as_dict(texts):
        return dict(zip(names, texts, strict=True))

    model = part.model
    publishes = not issubclass(model, Publishable) or may_publish(user, model)
    # Asking for every row costs; most resources have no rule of their own.
    default_may_change = type(part.resource).may_change is ResourceDeclaration.may_change
    for index in part.creates:
        if not publishes and part.new_text(index, "status") != Status.DRAFT:
            advice = _("Write “draft” as the status, or ask somebody who may publish.")
            _may_not_publish(part, index, advice)
        if not default_may_change and not part.resource.may_change(
            user, None, as_dict(part.new_texts(index))
        ):
            _may_not_change(part, index, "", part.cell(index, "code"))
    _check_owners(part, user)
    if part.origins and (sentence := why_not_add(user, model)):
        for index in part.creates:
            part.refuse(Refused("may_not_add", sentence), index, "code")
    for update in [*part.updates, *part.closes]:
        if not publishes:
            at = part.position["status"]
            schedule = part.position["publish_at"]
            if update.old[at] == Status.PUBLISHED or {at, schedule} & set(update.changed):
                _may_not_publish(part, update.index)
        if not default_may_change and not part.resource.may_change(
            user, as_dict(update.old), as_dict(update.new)
        ):
            _may_not_change(part, update.index, part.title(update.old))


def _check_owners(part, user):
    """Rows that belong to another record change what the public sees where that is public."""
    for name in part.resource.belongs_to:
        target = part.resource.column(name).target
        if not issubclass(target, Publishable) or may_publish(user, target):
            continue
        at = part.position[name]
        touched = [(index, {text(at)}) for index, _pk, text in part.final_rows()]
        for update in part.updates:
            touched.append((update.index, {update.old[at]}))
        touched += [(None, {texts[at]}) for _pk, texts in part.deletes]
        codes = {code for _index, owners in touched for code in owners}
        rows = models.QuerySet(target).filter(status=Status.PUBLISHED)
        public = set(rows.order_by().values_list("code", flat=True)) & codes
        for index, owners in touched:
            if owners & public:
                _may_not_publish(part, index)


def _may_not_publish(part, index, advice=""):
    part.refuse(
        Refused(
            "may_not_publish",
            _("You may not publish, change or withdraw what the public sees by import."),
            advice or _("Leave this row out of the file, or ask somebody who may publish."),
        ),
        index,
        "status" if "status" in part.place else None,
        part.cell(index, "status") if index is not None else "",
    )


def _may_not_change(part, index, title, code=""):
    part.refuse(
        Refused(
            "may_not_change",
            _("You may not change “%(title)s”.") % {"title": title or code},
            _("Leave this row out of the file, or ask somebody who may."),
        ),
        index,
        "code",
        code,
    )
