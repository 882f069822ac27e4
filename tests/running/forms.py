"""Forms of the running site's admin, filled in and sent as a browser would."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """The values of a page's fields, as a browser would send them."""

    def __init__(self, html):
        super().__init__()
        self.values = []
        self.select = self.area = None
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "input" and a.get("name"):
            kind = a.get("type", "text")
            if kind in ("submit", "file", "button", "image"):
                return
            if kind not in ("checkbox", "radio") or "checked" in a:
                self.values.append((a["name"], a.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea":
            self.area, self.text = a.get("name"), ""
        elif tag == "select":
            self.select = a.get("name")
        elif tag == "option" and self.select and "selected" in a:
            self.values.append((self.select, a.get("value", "")))

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.values.append((self.area, self.text.lstrip("\n")))
            self.area = None
        elif tag == "select":
            self.select = None

    def filled(self, **fields):
        """``{name: [values]}`` to be posted, with ``fields`` instead of what the page had."""
        seen = {}
        for name, value in self.values:
            # The page's other forms (language, sign-out) have no fields of these names.
            if name not in fields and name not in ("language", "next"):
                seen.setdefault(name, []).append(value)
        seen["csrfmiddlewaretoken"] = seen["csrfmiddlewaretoken"][-1:]
        return {**seen, **fields}


def opened(visitor, path):
    """The form at ``path``, which must be there."""
    status, html = visitor.get(path)
    assert status == 200, (path, status)
    return Form(html)


def change(visitor, path, **fields):
    """Opens a form, changes fields in it, sends it; returns (status, html)."""
    return visitor.post(path, opened(visitor, path).filled(**fields, _continue="1"))
