"""An act that is not done answers with a sentence, never with a server error."""

from contextlib import nullcontext

from django.contrib.admin.options import IS_POPUP_VAR
from django.db import DataError, IntegrityError, OperationalError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _


class Refused(Exception):
    """An act that the admin does not do. ``sentence``: why, for the editor; ``status``: HTTP."""

    def __init__(self, sentence, status=409):
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class HonestMixin:
    """Answers requests within ``writing()``, and says why an act was not done."""

    def writing(self):
        """A transaction with what must be held while records of this kind are written; taken
        before they are read."""
        return transaction.atomic()

    def answering(self, request, view):
        """The answer of ``view()``, or a page that says why the act was not done."""
        try:
            with self.writing() if request.method == "POST" else nullcontext():
                return view()
        except Refused as refusal:
            return self.refusal_response(request, refusal)
        except (ProtectedError, RestrictedError) as error:
            names = ", ".join(str(one) for one in list(getattr(error, "protected_objects", ()))[:5])
            sentence = _("This is still used elsewhere and was not deleted: %(names)s.")
            return self.refusal_response(request, Refused(sentence % {"names": names}))
        except IntegrityError:
            sentence = _(
                "Somebody else saved something that contradicts this at the same moment. "
                "Nothing was changed. Go back, look at the record again and repeat your change."
            )
            return self.refusal_response(request, Refused(sentence))
        except DataError:
            sentence = _("One of the values is too large or too long. Nothing was changed.")
            return self.refusal_response(request, Refused(sentence, 400))
        except OperationalError:
            if request.method != "POST":
                raise
            sentence = _(
                "The database was too busy to save. Nothing was changed. Go back and try again."
            )
            return self.refusal_response(request, Refused(sentence, 503))

    def refusal_response(self, request, refusal):
        """The page for something that was not done; it keeps the admin's frame."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Not done"),
            "sentence": refusal.sentence,
            "opts": self.opts,
            "is_popup": IS_POPUP_VAR in request.POST,
        }
        return TemplateResponse(request, "admin/refused.html", context, status=refusal.status)
