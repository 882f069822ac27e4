"""The endpoint behind the live reading in the admin's date inputs."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from .dates import HistoricalDate, InvalidDate
from .display import display


@never_cache
@require_GET
def reading(request):
    """``GET ?text=…`` → JSON {ok, edtf, display, display_az, display_en, error}, staff only.

    ``display`` is in the active language; ``error`` is "" or a sentence for the editor.
    """
    if not (request.user.is_active and request.user.is_staff):
        return _json({"ok": False, "error": _("Sign in as staff first.")}, status=403)
    try:
        date = HistoricalDate.read(request.GET.get("text", ""))
    except InvalidDate as error:
        return _json({"ok": False, "error": str(error)})
    return _json({"ok": True, "date": date})


def _json(answer, status=200):
    date = answer.pop("date", None)
    content = {
        "ok": answer["ok"],
        "edtf": date.text if date else "",
        "display": display(date),
        "display_az": display(date, "az"),
        "display_en": display(date, "en"),
        "error": answer.get("error", ""),
    }
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
