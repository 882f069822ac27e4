"""What an admin form locks before it reads, and what it is compared with.

The functions take the ModelAdmin of a record with a code, and the request.
"""

from django.contrib.admin.utils import unquote
from django.forms.models import _get_foreign_key
from django.utils.translation import get_language

from publishing.text import capitalised
from staff.autocomplete import is_id
from staff.locking import lock, models_below
from staff.models import is_token, new_token
from staff.versions import version_of


def labels_of_parts(model_admin, request):
    """What the parts of a version are called: the record, then the table of each inline."""
    names = [
        inline.verbose_name_plural or inline.model._meta.verbose_name_plural
        for inline in model_admin.get_inlines(request, None)
    ]
    return [
        capitalised(str(name), get_language()) for name in (model_admin.opts.verbose_name, *names)
    ]


def version_for(model_admin, request, object_id):
    """What the form of this request has to be based on; a POST locks it first.

    For a new record a token, which one form uses once; "" where the request names none, and
    where there is no record.
    """
    is_post = request.method == "POST"
    if object_id is None:
        sent = request.POST.get("version", "")
        return (sent if is_token(sent) else "") if is_post else new_token()
    parts = _parts(model_admin, request, object_id)
    if parts is None:
        return ""
    if is_post:
        lock(parts)
    # Before the record is read: whatever is saved in between makes the form look older than it
    # is, never newer.
    return version_of(parts, without=model_admin.not_compared)


def lock_for_deletion(model_admin, request, object_id):
    """Nobody changes the record, or adds rows to it, while it is being deleted."""
    if parts := _parts(model_admin, request, object_id):
        lock(parts, also=models_below(model_admin.model))


def lock_chosen(model, queryset, deleting=False):
    """The same for records chosen in a list."""
    chosen = model._base_manager.filter(pk__in=queryset.order_by().values("pk"))
    lock([chosen], also=models_below(model) if deleting else ())


def _parts(model_admin, request, object_id):
    """QuerySets of all that the form of a record writes: the record, then its rows.

    ``object_id``: as in the address. None where it can be no id.
    """
    pk = unquote(object_id)
    if not is_id(pk):
        return None
    parts = [model_admin.model._base_manager.filter(pk=pk)]
    for inline in model_admin.get_inlines(request, None):
        reference = _get_foreign_key(model_admin.model, inline.model, fk_name=inline.fk_name)
        parts.append(inline.model._base_manager.filter(**{reference.name: pk}))
    return parts
