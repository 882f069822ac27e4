from modeltranslation.translator import TranslationOptions, register

from addresses.models import LegacyAddress


@register(LegacyAddress)
class LegacyAddressTranslation(TranslationOptions):
    """Addresses are in no language; the admin of coded records asks for this."""

    fields = []
