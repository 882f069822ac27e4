from modeltranslation.translator import TranslationOptions, register

from history.models import Era, Event, Figure, FigureGroup, Observance


@register(Era)
class EraTranslation(TranslationOptions):
    fields = ["name", "summary"]


@register(Event)
class EventTranslation(TranslationOptions):
    fields = ["title", "summary", "body", "place"]


@register(FigureGroup)
class FigureGroupTranslation(TranslationOptions):
    fields = ["name", "summary"]


@register(Figure)
class FigureTranslation(TranslationOptions):
    fields = ["label", "note"]


@register(Observance)
class ObservanceTranslation(TranslationOptions):
    fields = ["title", "summary"]
