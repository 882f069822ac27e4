"""The addresses of the former site, as rows of files."""

from django.conf import settings
from django.core.exceptions import ValidationError

from addresses.fields import key_of
from addresses.models import CHAIN, LegacyAddress
from exchange.columns import TextColumn
from exchange.problems import Refused
from exchange.resource import RecordResource
from publishing.record_kinds import kind_of


class AddressColumn(TextColumn):
    """An address in its one way of writing, however the file writes it."""

    def _compile(self):
        plain = super()._compile()

        def canon(cell):
            text = plain(cell)
            try:
                return self.field.written(text)
            except ValidationError as error:
                raise Refused(error.code, error.messages[0]) from None

        return canon


class LegacyAddressResource(RecordResource):
    class Meta(RecordResource.Meta):
        model = LegacyAddress
        fields = [*kind_of(LegacyAddress).columns]

    @classmethod
    def sample(cls, number):
        own = settings.LANGUAGE_CODE
        return {"address": f"/?/{own}/content/{28998 + number}", "target": f"/{own}/units/"}

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        if hasattr(django_field, "written"):
            return AddressColumn(field_name, django_field)
        return super().field_from_django_field(field_name, django_field, readonly)

    def check(self, part):
        """An old address leads to a page, never to another old address."""
        at = part.position["address"], part.position["target"]
        rows = [(index, text(at[0]), text(at[1])) for index, _pk, text in part.final_rows()]
        if not rows:
            return
        touched = {update.pk for update in part.updates}
        known = {address for _index, address, _target in rows}
        known.update(self.rows().exclude(pk__in=touched).values_list("address", flat=True))
        others = self.rows().exclude(pk__in=touched).values_list("target", flat=True)
        targets = {key for target in others for key in _keys(target)}
        targets.update(key for _index, _address, target in rows for key in _keys(target))
        for index, address, target in rows:
            if address in targets or any(key in known for key in _keys(target)):
                part.refuse(Refused("chain", str(CHAIN)), index, "target", target)


def _keys(target):
    """The ways in which a target would be looked for among old addresses."""
    path, _sign, query = target.partition("#")[0].partition("?")
    return {key_of(path, query), key_of(path)}
