"""References to an editable vocabulary, as foreign registers fill them: with words, not codes."""

from django.utils import translation
from django.utils.translation import gettext as _

from exchange.columns import ReferenceColumn, nearest, required
from exchange.problems import Refused, shorten
from exchange.registry import resource_of
from publishing.text import slugify
from publishing.translated import language_of_column


class VocabularyColumn(ReferenceColumn):
    """A code or a name of the vocabulary; an unknown word becomes a new entry.

    The new entries are part of the plan, so the preview lists them, and whoever imports needs the
    right to add them. ``fallback``: (code, lazily translated name) of the entry that a new record
    gets whose cell is empty.
    """

    generated = True

    def __init__(self, name, field, fallback=None, **kwargs):
        super().__init__(name, field, **kwargs)
        self.fallback = fallback

    def reader(self, part):
        vocabulary = Vocabulary.of(self, part)

        def canon(cell):
            text = cell.strip()
            if not text:
                raise required()
            return vocabulary.code_for(text)

        return canon

    def spellings(self, part):
        vocabulary = Vocabulary.of(self, part)
        names = (name for name in vocabulary.written if name not in vocabulary.codes)
        return {name: vocabulary.by_name[name.casefold()] for name in names}

    def fill(self, part):
        """Give the fallback entry to new records whose cell is empty."""
        made = part.generated.setdefault(self.name, {})
        needy = [index for index in part.creates if not part.cell(index, self.name)]
        if needy:
            code, name = self.fallback
            Vocabulary.of(self, part).ensure(code, name)
            made.update(dict.fromkeys(needy, code))


class Vocabulary:
    """What one import knows of a vocabulary, and the entries that it will add."""

    @classmethod
    def of(cls, column, part):
        found = part.plan.vocabularies.get(column.target)
        if found is None:
            found = part.plan.vocabularies[column.target] = cls(column.target, part)
        return found

    def __init__(self, model, part):
        self.plan = part.plan
        self.user = part.plan.user
        self.resource = resource_of(model)()
        self.names = model.title_fields()
        self.codes, self.by_name, self.written = set(), {}, []
        columns = [self.resource.column(name) for name in ("code", *self.names)]
        for _pk, (code, *names) in self.resource.texts(columns, self.resource.rows(), None):
            self._learn(code, names)
        own = part.plan.part(self.resource.kind)
        if own is not None:
            for index in own.creates:
                code = own.new_text(index, "code")
                self._learn(code, [own.new_text(index, name) for name in self.names])
        self.language = self._language(part)
        self.added = None

    def _learn(self, code, names):
        self.codes.add(code)
        for name in names:
            if name:
                self.by_name.setdefault(name.casefold(), code)
                self.written.append(name)

    def _language(self, part):
        """The language of the file: the only one it has names in, else the editor's."""
        own = [language_of_column(name) for name in part.model.title_fields() if name in part.place]
        return own[0] if len(own) == 1 else translation.get_language()

    def code_for(self, text):
        """The code of the entry that ``text`` means, a new one if there is none."""
        if text in self.codes:
            return text
        code = self.by_name.get(text.casefold())
        if code is None:
            code = self._add(text)
        return code

    def _add(self, text):
        model = self.resource._meta.model
        opts = model._meta
        if self.user is not None and not self.user.has_perm(
            f"{opts.app_label}.add_{opts.model_name}"
        ):
            guess = nearest(text, [*self.codes, *self.written])
            raise Refused(
                "unknown_reference",
                _("“%(value)s” is not among the %(vocabulary)s.")
                % {"value": shorten(text), "vocabulary": opts.verbose_name_plural},
                _("Did you mean “%(word)s”?") % {"word": guess}
                if guess
                else _("Choose one of those, or ask somebody to add it."),
            )
        by_language = {language_of_column(name): name for name in self.names}
        name_column = by_language.get(self.language, self.names[0])
        text = self.resource.column(name_column).canon(text)  # may refuse it
        guess = nearest(text, self.written, cutoff=0.9)
        stem = code = slugify(text)[:80] or opts.model_name
        number = 1
        while code in self.codes:
            number += 1
            code = f"{stem}-{number}"
        note = _("New in %(vocabulary)s: “%(name)s”.") % {
            "vocabulary": opts.verbose_name_plural,
            "name": text,
        }
        if guess:
            note += " " + _("It resembles “%(name)s”.") % {"name": guess}
        self._create(code, {name_column: text}, note)
        return code

    def ensure(self, code, title):
        """Add the entry ``code`` unless it is there; ``title``: its name, lazily translated."""
        if code in self.codes:
            return
        texts = {}
        for name in self.names:
            with translation.override(language_of_column(name)):
                texts[name] = str(title)
        note = _("New in %(vocabulary)s: “%(name)s”.") % {
            "vocabulary": self.resource._meta.model._meta.verbose_name_plural,
            "name": title,
        }
        self._create(code, texts, note)

    def _create(self, code, texts, note):
        if self.added is None:
            self.added = self.plan.imply(self.resource.kind, ["code", *self.names])
        self.added.add({"code": code, **dict.fromkeys(self.names, ""), **texts})
        self.added.notes.append(note)
        self._learn(code, texts.values())
