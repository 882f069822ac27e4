"""The model field for dates of limited precision."""

import datetime
import functools

from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import IsNull
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from .dates import MAX_LENGTH, PERIOD_REFUSED, HistoricalDate, InvalidDate
from .forms import HistoricalDateFormField
from .periods import columns_of

# A column each, see columns_of().
BOUNDS = ("earliest", "latest", "certain")


class HistoricalDateField(models.Field):
    """A HistoricalDate: its EDTF text, and three columns for queries.

    ``begin = HistoricalDateField()`` also gives the model ``begin_earliest`` and
    ``begin_latest``: the first and last day that the date can mean, both indexed, and
    ``begin_certain``: by when what begins then has begun for certain (NULL for ``1950?``). They
    always follow the text and cannot be set by hand. Order by ``begin_earliest``; filter with
    ``in_force()``.

    The attribute is a HistoricalDate or None. It takes a HistoricalDate, a ``datetime.date``,
    EDTF text, "" or None; a text that is no date raises InvalidDate at once.

    - ``empty``: what a blank means. "unknown" stores NULL in the columns, "open" (only sensible
      for the end of a period: still going on) stores 9999-12-31. Changing it later needs a data
      migration that saves the blank rows again.
    - ``periods``: whether a period such as 1957/1961 may be entered.

    A blank is stored as "" and never as NULL, so that two blanks count as equal in a unique
    constraint and there is one way to say it; ``begin=None``, ``begin=""`` and
    ``begin__isnull=True`` all find it. The text is compared for equality and patterns only:
    ``begin__lt`` is refused, since "about 1840" has no order as text; compare the columns.

    ``QuerySet.update(begin=…)`` writes the text column alone: give it all of them with
    ``**field.bounds_columns(date)``. ``save()`` (also with ``update_fields``),
    ``bulk_create()`` and fixtures need no such care; ``bulk_update()`` must be given all
    names.
    """

    description = _("Date of limited precision")
    empty_strings_allowed = True

    def __init__(self, *args, empty="unknown", periods=False, columns=True, **kwargs):
        if empty not in ("unknown", "open"):
            raise ValueError('empty is "unknown" or "open"')
        self.empty = empty
        self.periods = periods
        # False where the columns are fields of their own already: in migrations, and in a
        # copy of this field (abstract models, SQLite's table rebuild) made with its columns.
        self.columns = columns
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.max_length == MAX_LENGTH:
            del kwargs["max_length"]
        if self.empty != "unknown":
            kwargs["empty"] = self.empty
        if self.periods:
            kwargs["periods"] = True
        kwargs["columns"] = False
        return name, path, args, kwargs

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _DateAttribute(self))
        if self.columns:
            self.columns = False
            # The columns' own defaults matter to rows that exist when a migration adds them.
            initial = None if callable(self.default) else self.coerce(self.get_default())
            for bound, default in zip(BOUNDS, self.bounds(initial), strict=True):
                given = {} if default is None else {"default": default}
                indexed = {"db_index": True} if bound != "certain" else {}
                column = BoundColumn(source=name, bound=bound, null=True, **indexed, **given)
                column.contribute_to_class(cls, f"{name}_{bound}")
        if not hasattr(cls.save_base, "writes_bounds"):
            cls.save_base = _writing_bounds(cls.save_base)

    def get_internal_type(self):
        return "CharField"

    def check(self, **kwargs):
        found = super().check(**kwargs)
        if self.null:
            found.append(
                checks.Error(
                    "HistoricalDateField stores a blank as empty text: remove null=True.",
                    obj=self,
                    id="chronology.E001",
                )
            )
        return found

    def get_lookup(self, lookup_name):
        if lookup_name in ("gt", "gte", "lt", "lte", "range"):
            return None  # text order is not the order of time
        return super().get_lookup(lookup_name)

    def bounds(self, date):
        """What the columns hold for a HistoricalDate or None: (earliest, latest, certain)."""
        return columns_of(date, self.empty)

    def bounds_columns(self, date):
        """All columns for ``QuerySet.update(**field.bounds_columns(date))``."""
        names = (f"{self.name}_{bound}" for bound in BOUNDS)
        return {self.name: date, **dict(zip(names, self.bounds(date), strict=True))}

    def coerce(self, value):
        """A HistoricalDate or None from what may be assigned. Raises InvalidDate."""
        if value is None or value == "":
            return None
        if isinstance(value, HistoricalDate):
            return value
        if isinstance(value, datetime.date):
            return HistoricalDate.from_date(value)
        return HistoricalDate.parse(value)

    def to_python(self, value):
        try:
            return self.coerce(value)
        except InvalidDate as error:
            raise error.as_validation_error() from error
        except TypeError as error:
            raise ValidationError(_("Write the date as text."), code="invalid") from error

    def from_db_value(self, value, expression, connection):
        return self.coerce(value)

    def get_prep_value(self, value):
        date = self.coerce(super().get_prep_value(value))
        return date.text if date else ""

    def validate(self, value, model_instance):
        if value is None:
            if not self.blank:
                raise ValidationError(self.error_messages["blank"], code="blank")
            return
        if value.is_period and not self.periods:
            raise ValidationError(PERIOD_REFUSED, code="period")

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return value.text if value else ""

    def formfield(self, **kwargs):
        return super().formfield(
            **{"form_class": HistoricalDateFormField, "periods": self.periods, **kwargs}
        )


@HistoricalDateField.register_lookup
class IsBlank(IsNull):
    """``begin__isnull``: blank text, or no row at all on the far side of an outer join."""

    def as_sql(self, compiler, connection):
        if not isinstance(self.rhs, bool):
            raise ValueError("The QuerySet value for an isnull lookup must be True or False.")
        sql, params = self.process_lhs(compiler, connection)
        if self.rhs:
            return f"({sql} IS NULL OR {sql} = '')", [*params, *params]
        return f"({sql} IS NOT NULL AND {sql} <> '')", [*params, *params]


class BoundColumn(models.DateField):
    """The ``<name>_earliest`` or ``<name>_latest`` column of a HistoricalDateField.

    Its value follows the date and is left out of fixtures, forms and choices.
    """

    def __init__(self, *args, source=None, bound=None, **kwargs):
        self.source = source
        self.bound = bound
        kwargs["editable"] = False
        kwargs.setdefault("serialize", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        kwargs.pop("serialize", None)
        return name, path, args, {**kwargs, "source": self.source, "bound": self.bound}

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.attname, _BoundAttribute(self))


class _DateAttribute(DeferredAttribute):
    """Turns every assigned value into a HistoricalDate or None."""

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = self.field.coerce(value)


class _BoundAttribute(DeferredAttribute):
    """Derived from the date as long as that is loaded; what the column said otherwise."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        column = self.field
        if column.source in instance.__dict__:
            date = instance.__dict__[column.source]
            bounds = instance._meta.get_field(column.source).bounds(date)
            return bounds[BOUNDS.index(column.bound)]
        if column.attname in instance.__dict__:
            return instance.__dict__[column.attname]
        return super().__get__(instance, cls)

    def __set__(self, instance, value):
        # Django tells loaded from deferred columns by what stands here, so it must be kept.
        instance.__dict__[self.field.attname] = value


def _writing_bounds(original):
    """A ``save_base`` that writes the columns of a date along with the date.

    ``save(update_fields=["begin"])`` names the text column only, and Django offers no other
    place between that list and the UPDATE statement.
    """

    @functools.wraps(original)
    def save_base(self, *args, **kwargs):
        named = kwargs.get("update_fields")
        if named:
            extra = {
                f"{field.name}_{bound}"
                for field in self._meta.concrete_fields
                if isinstance(field, HistoricalDateField) and field.name in named
                for bound in BOUNDS
            }
            kwargs["update_fields"] = frozenset(named) | extra
        return original(self, *args, **kwargs)

    save_base.writes_bounds = True
    return save_base
