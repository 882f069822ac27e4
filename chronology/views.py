"""The endpoint behind the live reading in the admin's date inputs."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from .dates import InvalidDate
from .display import display_typed
from .languages import site_codes
from .old_style import explanation
from .reading import understand


@never_cache
@require_GET
def reading(request):
    """``GET ?text=…`` → JSON {ok, edtf, display, conversion, error} and ``display_<code>`` for
    each language of the site, staff only.

    ``display`` is in the active language; ``conversion`` says which Old Style days were converted,
    ``error`` what is wrong, each "" or sentences for the editor.
    """
    if not (request.user.is_active and request.user.is_staff):
        return _json({"ok": False, "error": _("Sign in as staff first.")}, status=403)
    try:
        understood = understand(request.GET.get("text", ""))
    except InvalidDate as error:
        return _json({"ok": False, "error": str(error)})
    return _json({"ok": True, "date": understood.date, "conversion": explanation(understood)})


def _json(answer, status=200):
    date = answer.get("date")
    content = {
        "ok": answer["ok"],
        "edtf": date.text if date else "",
        "display": display_typed(date),
        **{f"display_{code}": display_typed(date, code) for code in site_codes()},
        "conversion": answer.get("conversion", ""),
        "error": answer.get("error", ""),
    }
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
