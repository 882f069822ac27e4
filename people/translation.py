from modeltranslation.translator import TranslationOptions, register

from people.models import Person, Post, Term


@register(Person)
class PersonTranslation(TranslationOptions):
    fields = ["name", "rank", "summary", "body", "portrait_alt"]


@register(Post)
class PostTranslation(TranslationOptions):
    fields = ["title", "how_filled"]


@register(Term)
class TermTranslation(TranslationOptions):
    fields = ["note"]
