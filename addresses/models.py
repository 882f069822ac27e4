"""Where redirects (former site) lead."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from addresses.fields import LocalAddressField, OldAddressField, key_of
from exchange.permissions import may_export
from publishing.models import Coded
from publishing.text import slugify


class LegacyAddressQuerySet(models.QuerySet):
    """Old addresses and where they lead."""

    def visible_to(self, user):
        """Staff alone who may view them: what is public of a redirect is that it happens."""
        return self if may_export(user, "legacy_addresses") else self.none()

    def chained_with(self, address, target):
        """Rows that would be passed on the way from or to a row with these two."""
        path, _sign, query = target.partition("#")[0].partition("?")
        return self.filter(
            models.Q(address=key_of(path, query))
            | models.Q(address=key_of(path))
            | models.Q(target__in=[address, f"{address}/"])
        )


class LegacyAddress(Coded):
    """An redirect (former site) and the page of this one that took its place."""

    address = OldAddressField(
        _("old address"),
        unique=True,
        help_text=_(
            "As it was on the former site, with everything behind the question mark: "
            "/?/az/content/28998/. A slash at the end makes no difference."
        ),
    )
    target = LocalAddressField(
        _("leads to"),
        help_text=_(
            "The address of a page of this site. When the record is renamed later, the redirect "
            "follows it."
        ),
    )
    note = models.CharField(_("note"), max_length=250, blank=True)

    objects = LegacyAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("redirect (former site)")
        verbose_name_plural = _("redirects (former site)")
        ordering = ["address"]

    def __str__(self):
        return self.address

    def code_stem(self):
        return f"old-{slugify(self.address.replace('/', ' '))}"[:80].rstrip("-")

    def validate_unique(self, exclude=None):
        """Also: an old address leads to a page, never to another old address."""
        super().validate_unique(exclude=exclude)
        if {"address", "target"} & set(exclude or ()):
            return
        others = LegacyAddress.objects.chained_with(self.address, self.target)
        if key_of(*self.target.partition("?")[::2]) == self.address or (
            others.exclude(pk=self.pk).exists()
        ):
            raise ValidationError(CHAIN, code="chain")


CHAIN = _(
    "One redirect would lead to another. Let every old address lead straight to the page itself."
)
