"""Django's loaddata, for content that has a tree and columns computed from others."""

import json
from pathlib import Path

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, models
from modeltranslation.management.commands.loaddata import Command as LoadData

from chronology import InvalidDate
from exchange.writing import statistics
from units import tree
from units.models import Unit

_NUMBERS = ("lft", "rght", "level", "tree_id")


class Command(LoadData):
    """All files or nothing; units without tree numbers and in any order, parents later or earlier.

    Fixtures bypass ``save()``. So this command takes the lock of the tree first, fills what
    ``save()`` would have filled (search text, times of creation and change), and numbers and
    checks the tree at the end. Files are read in the order in which their records need each
    other, whatever order they are named in.
    """

    def handle(self, *fixture_labels, **options):
        try:
            with tree.writing(options["database"]):
                with tree.numbered_afterwards(options["database"]):
                    super().handle(*fixture_labels, **options)
                self.check_tree()
        except ValidationError as error:
            raise CommandError("Nothing was loaded. " + " ".join(error.messages)) from error
        except (tree.TreeBusy, DeserializationError, DatabaseError, InvalidDate) as error:
            raise CommandError(f"Nothing was loaded. {error}") from error

    def loaddata(self, fixture_labels):
        # Django sets this in the method below; looking for the files needs it before.
        self.serialization_formats = serializers.get_public_serializer_formats()
        super().loaddata(self.in_order_of_need(fixture_labels))
        statistics.refresh_after(self.loaded_object_count, self.models, self.using)

    def check_tree(self):
        if Unit in self.models and (problems := list(tree.check(using=self.using))):
            raise CommandError("Nothing was loaded. " + " ".join(problems))

    def in_order_of_need(self, fixture_labels):
        """The labels, those of records that others refer to first."""
        configs = [(config, None) for config in apps.get_app_configs() if config.models_module]
        needed = serializers.sort_dependencies(configs, allow_cycles=True)
        rank = {model._meta.label_lower: number for number, model in enumerate(needed)}

        def need(label):
            ranks = [rank.get(name, -1) for name in self.models_in(label)]
            return max(ranks, default=len(rank))

        # Labels of one rank stay in the order given, since sorting is stable.
        return sorted(dict.fromkeys(fixture_labels), key=need)

    def models_in(self, label):
        """Labels of the models in the JSON files of a fixture; empty for other formats."""
        found = set()
        for path, _folder, _name in self.find_fixtures(label):
            if not path.endswith(".json"):
                continue
            try:
                rows = json.loads(Path(path).read_text(encoding="utf-8"))
                found.update(row["model"].lower() for row in rows)
            except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise CommandError(f"{path} is not a fixture in JSON: {error}") from error
        return found

    def save_obj(self, obj):
        fill_computed(obj.object, self.using)
        return super().save_obj(obj)


def fill_computed(record, using):
    """Set what ``save()`` computes on a record that is to be written without it.

    Times and tree numbers that the fixture leaves out stay what they are when the record exists
    already; new units get zeros until the tree is numbered.
    """
    fields = [f for f in record._meta.concrete_fields if not f.primary_key]
    left_out = [
        f.attname
        for f in fields
        if (getattr(f, "auto_now_add", False) or (isinstance(record, Unit) and f.name in _NUMBERS))
        and getattr(record, f.attname) is None
    ]
    rows = models.QuerySet(type(record), using=using).filter(pk=record.pk)
    stored = rows.values(*left_out).first() if left_out and record.pk is not None else None
    for name in left_out:
        setattr(record, name, stored[name] if stored else 0 if name in _NUMBERS else None)
    for field in fields:
        given = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        if given and getattr(record, field.attname) is not None:
            continue
        if not isinstance(field, models.FileField):
            field.pre_save(record, add=stored is None)
