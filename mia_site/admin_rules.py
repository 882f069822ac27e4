"""What holds on the admin's pages of every model, whichever app registers them."""

import logging
from contextlib import nullcontext

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, transaction
from django.db.models import Field
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from staff.unchanged import UnchangedRecordMixin

log = logging.getLogger(__name__)

# Patterns from an address may run for ever: SQLite asks Python for them, row by row. No page of
# the admin makes one.
_PATTERNS = {"regex", "iregex"}
# Characters of a search: more than the longest name. Each word becomes a condition.
_LONGEST_SEARCH = 500


class RulesOfEveryModel(UnchangedRecordMixin):
    """Put before each ModelAdmin by ``MinistryAdminSite.register()``.

    An address that a list cannot answer leads to the whole list, which says so. Django does that
    for what fails while the query is built (``IncorrectLookupParameters``); here also for what the
    database refuses, and for what fails while the list is drawn.
    """

    def get_changelist_instance(self, request):
        """As Django's. Raises IncorrectLookupParameters for whatever the address is to blame."""
        if any(_PATTERNS & set(name.split("__")) for name in request.GET):
            raise IncorrectLookupParameters("Patterns are not taken from an address.")
        try:
            with _apart():
                return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, SuspiciousOperation):
            raise
        except Exception as error:  # as broad as where Django itself builds the query
            if not _asks(request):
                raise
            log.warning("A list cannot be asked for %r", list(request.GET), exc_info=True)
            raise IncorrectLookupParameters(error) from error

    def changelist_view(self, request, extra_context=None):
        if ERROR_FLAG in request.GET:
            if _asks(request):  # the flag is of an earlier answer; this one is still to be given
                request.GET = request.GET.copy()
                del request.GET[ERROR_FLAG]
            elif request.method == "GET":
                sentence = _(
                    "The list cannot be filtered as the address asked, so all of it is shown."
                )
                messages.warning(request, sentence)
        response = super().changelist_view(request, extra_context)
        try:
            # Drawn here, since the dates above a list and the counts of filters ask the database.
            with _apart():
                return response.render() if hasattr(response, "render") else response
        except (ArithmeticError, ValueError, DatabaseError):
            if not _asks(request):
                raise
            log.warning("A list cannot be drawn for %r", list(request.GET), exc_info=True)
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "_saveasnew" in request.POST and not self.save_as:
            # Django makes a new record of it, whether the page has such a button or not.
            messages.error(
                request, _("Records cannot be copied with this form. Nothing was saved.")
            )
            return HttpResponseRedirect(request.path)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term[:_LONGEST_SEARCH])


def _asks(request):
    """Whether the address asks for anything but the list as it is."""
    return bool(request.GET.keys() - {ERROR_FLAG})


def _apart():
    """A savepoint where a transaction is open, which on PostgreSQL takes no query after an error.
    Nothing where none is: SQLite would lock out the writers."""
    open_already = transaction.get_connection().in_atomic_block
    return transaction.atomic() if open_already else nullcontext()


def with_rules(admin_class):
    """``admin_class`` (None: Django's own) with the rules of every model before it."""
    admin_class = admin_class or ModelAdmin
    if issubclass(admin_class, RulesOfEveryModel):
        return admin_class
    names = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
    return type(admin_class.__name__, (RulesOfEveryModel, admin_class), names)


class FieldsAutocomplete(AutocompleteJsonView):
    """Django's, for fields of forms only: a relation seen from its far end has no choices."""

    def process_request(self, request):
        found = super().process_request(request)
        _term, _model_admin, source_field, _to_field_name = found
        if not isinstance(source_field, Field):
            raise PermissionDenied
        return found
