"""Throw-away models. They live in a registry of their own, so the site never meets them."""

from django.db import models
from django.test.utils import isolate_apps

from chronology import HistoricalDateField

with isolate_apps("chronology") as registry:

    class Dated(models.Model):
        """An abstract base: its date must reach the children with both columns."""

        begin = HistoricalDateField(blank=True)

        class Meta:
            app_label = "chronology"
            abstract = True

    class Place(models.Model):
        name = models.CharField(max_length=20)

        class Meta:
            app_label = "chronology"

    class Holding(Dated):
        place = models.ForeignKey(
            Place, models.CASCADE, null=True, blank=True, related_name="holdings"
        )
        end = HistoricalDateField(blank=True, empty="open")
        until = HistoricalDateField("Until when", blank=True, help_text="The first day outside.")
        note = models.CharField(max_length=20, blank=True)

        class Meta:
            app_label = "chronology"

    class Happening(models.Model):
        date = HistoricalDateField(periods=True)

        class Meta:
            app_label = "chronology"
            constraints = [models.UniqueConstraint("date", name="one_happening_a_date")]


ALL = (Place, Holding, Happening)
