from modeltranslation.translator import TranslationOptions, register

from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit, UnitKind


@register(UnitKind)
class UnitKindTranslation(TranslationOptions):
    fields = ["name"]


@register(Unit)
class UnitTranslation(TranslationOptions):
    fields = [
        "name", "short_name", "abbreviation", "summary", "body", "mandate", "jurisdiction",
        "address", "opening_hours", "emblem_caption", "emblem_alt",
    ]  # fmt: skip


@register(ExternalBody)
class ExternalBodyTranslation(TranslationOptions):
    fields = ["name", "abbreviation", "summary"]


@register(DatedName)
class DatedNameTranslation(TranslationOptions):
    fields = ["name", "short_name", "abbreviation", "note"]


@register(DatedSuperior)
class DatedSuperiorTranslation(TranslationOptions):
    fields = ["note"]


@register(Link)
class LinkTranslation(TranslationOptions):
    fields = ["title"]
