"""The rows of a record in one form: judged as they will be when all are saved, and saved so."""

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm
from django.forms.models import InlineForeignKeyField
from django.utils.translation import gettext as _

from publishing.constraints import compile_condition
from staff.forms import RowForm


class OwnConstraints(ModelForm):
    """A row that answers for itself alone; what concerns other rows its formset asks of all."""

    def _post_clean(self):
        # Django's form asks its instance for everything at once; this is the one way to say what.
        self.instance.validate_constraints = self.validate_own_constraints
        try:
            super()._post_clean()
        finally:
            del self.instance.validate_constraints

    def validate_own_constraints(self, exclude=None):
        """Those of one row; also where they name the record that all rows belong to, which
        Django leaves out ("a unit is not its own superior")."""
        owner = {n for n, f in self.fields.items() if isinstance(f, InlineForeignKeyField)}
        exclude = set(exclude or ()) - owner
        errors = {}
        for constraint in self._meta.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint):
                try:
                    constraint.validate(self._meta.model, self.instance, exclude=exclude)
                except ValidationError as error:
                    errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)


class InlineRowForm(OwnConstraints, RowForm):
    """A row with a code, which may be left to the site."""


class RowFormSet(BaseInlineFormSet):
    """All rows of a record that one form shows.

    Asked of a row alone, "does another one have this already?" would find what the same save is
    about to change or remove, and not find what it is about to add.
    """

    def clean(self):
        super().clean()
        if gone := self._rows_deleted_meanwhile():
            raise ValidationError(gone)
        if not any(self.errors):
            self.judge(self.forms_afterwards())

    def _rows_deleted_meanwhile(self):
        """Errors for rows that the form shows and that somebody else has deleted since."""
        sentence = _(
            "Row %(number)s was deleted by somebody else. Tick “Delete” in it to go on without it; "
            "to keep it, enter it again as a new row."
        )
        return [
            ValidationError(sentence, code="row_gone", params={"number": number})
            for number, form in enumerate(self.initial_forms, 1)
            if form.instance.pk is None and not self._is_removed(form)
        ]

    def judge(self, forms):
        """Add the errors of rows that contradict one another. ``forms``: those whose rows will be
        there after the save; other rows are there as they are stored, see ``elsewhere()``."""
        for constraint in self._unique_constraints():
            self._judge_unique(constraint, forms)

    def forms_afterwards(self):
        """The forms whose rows will be there after the save."""
        return [
            form
            for form in self.forms
            if not self._is_removed(form) and (form.has_changed() or form.instance.pk)
        ]

    def _is_removed(self, form):
        return self.can_delete and self._should_delete_form(form)

    def elsewhere(self):
        """The stored rows that this form does not show: of other records, or added meanwhile."""
        shown = [form.instance.pk for form in self.initial_forms]
        return self.model._base_manager.exclude(pk__in=shown)

    def _unique_constraints(self):
        constraints = self.model._meta.constraints
        return [one for one in constraints if isinstance(one, models.UniqueConstraint)]

    def _judge_unique(self, constraint, forms):
        first = set()
        for form in forms:
            key = self._key(constraint, form.instance)
            if key is None:
                continue
            if key in first or (form.has_changed() and self._is_elsewhere(constraint, key)):
                form.add_error(None, constraint.get_violation_error_message())
            first.add(key)

    def _is_elsewhere(self, constraint, key):
        if self.instance.pk is None:
            return False
        rows = self.elsewhere().filter(**dict(zip(constraint.fields, key, strict=True)))
        return rows.filter(constraint.condition or models.Q()).exists()

    def _key(self, constraint, row, **former):
        """The values that no other row may have too; None where the constraint does not apply.

        ``former``: {field: value} where the row is looked at as it was.
        """

        def value(name):
            if name in former:
                return former[name]
            if name == self.fk.name:
                return self.instance.pk or 0  # every row here belongs to it, stored or not
            return getattr(row, self.model._meta.get_field(name).attname)

        key = tuple(value(name) for name in constraint.fields)
        if None in key or compile_condition(constraint.condition)(value) is not True:
            return None  # NULLs are never equal
        return key

    # --- saving ------------------------------------------------------------------------------

    def save_existing_objects(self, commit=True):
        """Removes rows first, and writes a row that gives a value up before the one that takes it;
        rows that exchange values are put out of the way."""
        shown, known = self.forms, self.initial_form_count()
        self._set_forms([*self._in_order_of_writing(shown[:known], commit), *shown[known:]])
        try:
            return super().save_existing_objects(commit)
        finally:
            self._set_forms(shown)

    def _set_forms(self, forms):
        self.forms = forms
        self.__dict__.pop("_deleted_form_indexes", None)  # Django remembers their places

    def _in_order_of_writing(self, forms, commit):
        ordered = [form for form in forms if self._is_removed(form)]
        waiting = [form for form in forms if not self._is_removed(form)]
        constraints = self._unique_constraints()
        before, after = {}, {}
        for form in waiting:
            former = {name: form.initial[name] for name in form.fields if name in form.initial}
            keys = [
                (
                    (c.name, self._key(c, form.instance, **former)),
                    (c.name, self._key(c, form.instance)),
                )
                for c in constraints
            ]
            changed = [(old, new) for old, new in keys if old != new]
            before[form] = {old for old, _new in changed if old[1] is not None}
            after[form] = {new for _old, new in changed if new[1] is not None}
        while waiting:
            held = set().union(*(before[form] for form in waiting))
            free = [form for form in waiting if not after[form] & (held - before[form])]
            if not free:  # they exchange values
                wanted = set().union(*(after[form] for form in waiting))
                giving = next(form for form in waiting if before[form] & wanted)
                if not (commit and self._put_out_of_the_way(giving.instance)):
                    return ordered + waiting
                before[giving] = set()
            ordered += free
            waiting = [form for form in waiting if form not in free]
        return ordered

    def _put_out_of_the_way(self, row):
        """Take a row out of the table; it is written anew, under its own key, a moment later.

        Only where nothing refers to such rows. Otherwise the database has the last word.
        """
        if self.model._meta.related_objects:
            return False
        self.model._default_manager.filter(pk=row.pk).delete()
        return True
