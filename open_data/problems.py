"""Refusals as machines read them: RFC 9457 problem objects, each with a sentence for a person."""

import json

from django.http import HttpResponse
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"


class Refused(Exception):
    """An answer other than the data: status, sentence, and the parameter that is to blame."""

    def __init__(self, status, detail, parameter=""):
        super().__init__(detail)
        self.status, self.detail, self.parameter = status, detail, parameter


def title(status):
    return {
        400: _("The question cannot be read"),
        404: _("Not found"),
        405: _("Only reading is possible"),
        413: _("Too large"),
        429: _("Too many requests"),
    }.get(status, _("Something went wrong"))


def detail(status):
    """What is said where nothing more is known."""
    return {
        400: _("The address cannot be read. The description of the API says what it may hold."),
        404: _("There is nothing at this address. The list of kinds is at /api/v1/."),
        405: _("The API is read with GET and HEAD."),
    }.get(status, _("The site could not answer. Try again later."))


def answer(status, words="", parameter=""):
    """The problem object as a response."""
    body = {"type": "about:blank", "title": title(status), "status": status}
    body["detail"] = words or detail(status)
    if parameter:
        body["parameter"] = parameter
    text = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(text, content_type=MEDIA_TYPE, status=status)
    response["Cache-Control"] = "no-store"
    return response
