"""Reading message catalogues (.po), and what the libraries say without Azerbaijani.

Shared by ``scripts/check_messages.py`` and ``tests/language``; needs no gettext programs.
"""

import ast
import re
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ROOT / "locale" / "az" / "LC_MESSAGES"
LIBRARIES = ROOT / "locale_vendor" / "az" / "LC_MESSAGES"
PACKAGES = Path(sysconfig.get_paths()["purelib"])
# Packages whose texts people meet, and which of their catalogues.
SPEAKING = (
    ("django/conf", "django"),
    ("django/contrib/admin", "django"),
    ("django/contrib/admin", "djangojs"),
    ("django/contrib/auth", "django"),
    ("django/contrib/contenttypes", "django"),
    ("django/contrib/sessions", "django"),
    ("django/contrib/postgres", "django"),
    ("allauth", "django"),
    ("mptt", "django"),
)
# Where mptt speaks to programmers only: wrong use of template tags and of functions.
FOR_PROGRAMMERS = re.compile(r"mptt/(templatetags/\w+|models|utils)\.py$")

_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? )?(".*")')


@dataclass
class Message:
    """One entry of a catalogue; ``texts`` has one translation, or one for each plural form."""

    context: str | None = None
    id: str = ""
    plural: str | None = None
    texts: dict = field(default_factory=dict)
    flags: set = field(default_factory=set)

    @property
    def key(self):
        return self.context, self.id

    @property
    def is_complete(self):
        forms = (0, 1) if self.plural else (0,)
        return "fuzzy" not in self.flags and all(self.texts.get(form) for form in forms)


def read(path):
    """``{(context, msgid): Message}`` of a .po file, without its header and obsolete entries."""
    found = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        message = _message(block.splitlines())
        if message.id:
            found[message.key] = message
    return found


def _message(lines):
    message, name, form = Message(), None, None
    for line in lines:
        if line.startswith("#,"):
            message.flags |= {flag.strip() for flag in line[2:].split(",")}
        elif match := _LINE.fullmatch(line):
            name, form = (match[1], int(match[2] or 0)) if match[1] else (name, form)
            text = ast.literal_eval(match[3])
            if name == "msgstr":
                message.texts[form] = message.texts.get(form, "") + text
            elif name == "msgctxt":
                message.context = (message.context or "") + text
            elif name == "msgid_plural":
                message.plural = (message.plural or "") + text
            else:
                message.id += text
    return message


def said_by(package, domain):
    """What a package can say, as ``{key: Message}``: its English catalogue.

    mptt has none; there, what its other languages translate and its sources still hold.
    """
    english = PACKAGES / package / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    if english.exists():
        return read(english)
    said = {}
    for path in sorted((PACKAGES / package).glob(f"locale/*/LC_MESSAGES/{domain}.po")):
        said |= read(path)
    sources = "".join(
        file.read_text(encoding="utf-8")
        for file in sorted((PACKAGES / package).rglob("*.py"))
        if not FOR_PROGRAMMERS.search(file.as_posix())
    )
    return {key: message for key, message in said.items() if message.id in sources}


def lacking():
    """Texts of the libraries that nobody has in Azerbaijani, as ``(package, Message)``."""
    for domain in ("django", "djangojs"):
        theirs = [
            PACKAGES / package / "locale" / "az" / "LC_MESSAGES" / f"{domain}.po"
            for package, its_domain in SPEAKING
            if its_domain == domain
        ]
        files = [OURS / f"{domain}.po", LIBRARIES / f"{domain}.po", *theirs]
        known = {
            key
            for file in files
            if file.exists()
            for key, message in read(file).items()
            if message.is_complete
        }
        for package, its_domain in SPEAKING:
            if its_domain == domain:
                for key, message in said_by(package, domain).items():
                    if key not in known:
                        yield package, message


def no_longer_said():
    """Messages of our catalogue for the libraries that none of them says any longer."""
    for domain in ("django", "djangojs"):
        said = {}
        for package, its_domain in SPEAKING:
            if its_domain == domain:
                said |= said_by(package, domain)
        for key, message in read(LIBRARIES / f"{domain}.po").items():
            if key not in said:
                yield message
