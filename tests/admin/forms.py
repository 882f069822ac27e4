"""Fills in admin pages the way a browser does."""

from html.parser import HTMLParser

# What a changed name or superior means, as the form of a unit and the dialog after a drag send it.
NAME_CORRECTED = {"name-meant": "correction"}
SUPERIOR_CORRECTED = {"superior-meant": "correction"}


def changed_since(what, since, **more):
    """The answer "a change since …" for the "name" or the "superior" of a unit."""
    more = {f"{what}-{name}": value for name, value in more.items()}
    return {f"{what}-meant": "change", f"{what}-since": str(since), **more}


class _Fields(HTMLParser):
    """Names and values of the fields of the page's main form."""

    def __init__(self):
        super().__init__()
        self.values = {}
        self._select = self._textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name:
            kind = attrs.get("type", "text")
            if kind in ("submit", "button", "file") or (
                kind in ("checkbox", "radio") and "checked" not in attrs
            ):
                return
            value = attrs.get("value") or ("on" if kind == "checkbox" else "")
            if kind != "hidden":  # an input holds one line
                value = value.replace("\r", "").replace("\n", "")
            self.values[name] = value
        elif tag == "select" and name:
            self._select = name
            self.values.setdefault(name, [] if "multiple" in attrs else "")
        elif tag == "option" and self._select and "selected" in attrs:
            value = attrs.get("value", "")
            if isinstance(self.values[self._select], list):
                self.values[self._select].append(value)
            else:
                self.values[self._select] = value
        elif tag == "textarea" and name:
            self._textarea = name
            self.values[name] = ""

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea:
            # The first line end belongs to the page; line ends are sent as the standard says.
            text = self.values[self._textarea].replace("\r\n", "\n").replace("\r", "\n")
            self.values[self._textarea] = text.removeprefix("\n").replace("\n", "\r\n")
            self._textarea = None

    def handle_data(self, data):
        if self._textarea:
            self.values[self._textarea] += data


def fields_of(response):
    """``{name: value}`` of every field on the page, as a browser would send them."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {
        name: value
        for name, value in parser.values.items()
        if "__prefix__" not in name and name not in ("q", "csrfmiddlewaretoken", "next", "language")
    }


def save(client, address, button="_save", **changes):
    """Opens a form, changes some fields, presses a button; returns the answer."""
    page = client.get(address)
    assert page.status_code == 200, page
    return client.post(address, {**fields_of(page), **changes, button: "1"})


def errors_of(response):
    """All error sentences of a refused form."""
    context = response.context
    found = [*context["adminform"].form.non_field_errors()]
    for messages in context["adminform"].form.errors.values():
        found += messages
    for inline in context["inline_admin_formsets"]:
        found += inline.formset.non_form_errors()
        for form in inline.formset.forms:
            for messages in form.errors.values():
                found += messages
    return found


def messages_of(response):
    """The messages the next page will show."""
    from django.contrib.messages import get_messages

    return [str(message) for message in get_messages(response.wsgi_request)]
