"""The words of a page as somebody reads or hears them, without the parts marked as English."""

from html.parser import HTMLParser

# Elements without an end tag, and elements whose text nobody reads.
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_SILENT = {"script", "style", "template"}
_SPOKEN = ("aria-label", "placeholder", "title")


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []  # (element, its own lang or None)
        self.texts = []

    @property
    def language(self):
        return next((language for _, language in reversed(self.open) if language), None)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        language = attributes.get("lang") or self.language
        if language != "en":
            self.texts += [attributes[name] for name in _SPOKEN if attributes.get(name)]
            if tag == "meta" and attributes.get("name") == "description":
                self.texts.append(attributes.get("content", ""))
            if tag == "input" and attributes.get("type") in ("submit", "button", "reset"):
                self.texts.append(attributes.get("value", ""))
        if tag not in _VOID:
            self.open.append((tag, attributes.get("lang")))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if any(name == tag for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        silent = any(name in _SILENT for name, _ in self.open)
        if data.strip() and not silent and self.language != "en":
            self.texts.append(data)


def texts(html):
    """Every text and spoken attribute of a page that is not inside of ``lang="en"``."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [" ".join(text.split()) for text in reader.texts]
