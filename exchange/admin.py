"""Exporting from every list: the records that somebody has ticked."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django_tasks_db import admin as tasks_admin  # registers what is taken out again below

from exchange.desk.exports.scopes import address_for, kind_of_list
from exchange.permissions import may_export
from staff.records import CodedAdmin


@admin.action(description=_("Export…"))
def export_selected(model_admin, request, queryset):
    """Goes to the export page, which asks for the form of the file."""
    kind = kind_of_list(model_admin)
    filters = request.GET.urlencode()
    if request.POST.get("select_across") == "1":  # all pages of the list, by a link above it
        return HttpResponseRedirect(address_for(kind, filters=filters))
    chosen = list(queryset.order_by().values_list("pk", flat=True))
    return HttpResponseRedirect(address_for(kind, filters=filters, chosen=chosen))


def _allowed(model_admin, request):
    kind = kind_of_list(model_admin)
    return kind is not None and may_export(request.user, kind)


CodedAdmin.offer(export_selected, _allowed)

# Nothing in a waiting task is for people to change.
admin.site.unregister(tasks_admin.DBTaskResult)
