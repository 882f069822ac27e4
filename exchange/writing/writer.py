"""The rows of a plan on their way into the tables: keys, values, changes, lists, deletions."""

from functools import lru_cache
from itertools import repeat

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.columns import ReferenceColumn, split_codes
from exchange.writing import bulk
from exchange.writing.locking import StalePlan
from publishing.text import search_text, search_texts


class Writer:
    """Writes all parts of a plan; to be called under the lock of their tables.

    ``ids``: {kind: {code: primary key}} of the new records, once ``write()`` is done.
    """

    def __init__(self, plan):
        self.plan = plan
        self.now = timezone.now()
        self.ids = {}  # kind → {code: pk} of the new records
        self._known = {}  # model → {code: pk}

    def write(self):
        parts = self.plan.parts
        for part in parts:
            # An index takes neighbours, one after the other, far faster than strangers.
            part.creates.sort(key=lambda index: part.rows[index][part.place["code"]])
            codes = [part.rows[index][part.place["code"]] for index in part.creates]
            model = part.resource._meta.model
            self.ids[part.kind] = dict(zip(codes, bulk.reserve_ids(model, len(codes)), strict=True))
        for part in parts:
            self._resolve(part)
        for part in parts:
            self._update(part)
            numbers = part.resource.numbers_for_new(part, self) if part.creates else None
            self._create(part, numbers)
            part.resource.after_write(part, numbers is not None)
        for part in parts:
            self._lists(part)
        for part in reversed(parts):
            self._delete(part)

    # --- references --------------------------------------------------------------------------
    def pk(self, model, code):
        return self._known[model][code]

    def known(self, model):
        """{code: pk} of all records of a model that this import refers to."""
        return self._known.get(model, {})

    def _resolve(self, part):
        """Keys of all records that this part refers to."""
        wanted = {}
        for column in part.all_columns:
            if column.target is None:
                continue
            codes = wanted.setdefault(column.target, set())
            if column.name in part.place or column.name in part.generated:
                texts = set(part.new_texts_of(column.name))
            else:
                texts = {part.defaults[part.position[column.name]]} if part.creates else set()
            position = part.position[column.name]
            texts.update(u.new[position] for u in part.updates if position in u.changed)
            texts.discard("")
            for text in texts:
                codes.update(split_codes(text) if column.many else (text,))
        for model, codes in wanted.items():
            known = self._known.setdefault(model, {})
            for own in self.plan.parts:
                if own.resource._meta.model is model:
                    known.update(self.ids[own.kind])
            rest = [code for code in codes if code not in known]
            rows = models.QuerySet(model).order_by().values_list("code", "pk")
            if len(rest) > 5000:
                known.update(
                    (code, pk) for code, pk in rows.iterator(chunk_size=5000) if code in codes
                )
            else:
                for start in range(0, len(rest), 500):
                    known.update(rows.filter(code__in=rest[start : start + 500]))
            if codes - known.keys():
                raise StalePlan  # the plan has seen them; somebody has deleted one since

    # --- values ------------------------------------------------------------------------------
    def _stored(self, column):
        """A function from canonical text to driver values for ``column.model_field_names``."""
        if isinstance(column, ReferenceColumn):
            known = self._known.get(column.target, {})
            return lambda text: (known[text],) if text else (None,)
        model = column.field.model
        prepare = [bulk.preparer(model._meta.get_field(name)) for name in column.model_field_names]
        if type(column).__name__ == "TextColumn":
            return lambda text: (text,)

        @lru_cache(maxsize=10_000)
        def stored(text):
            return tuple(
                value if prep is None else prep(value)
                for value, prep in zip(column.stored(text), prepare, strict=True)
            )

        return stored

    def _create(self, part, numbers):
        if not part.creates:
            return
        model = part.resource._meta.model
        fields = list(model._meta.concrete_fields)
        at = {field.attname: i for i, field in enumerate(fields)}
        template = [self._initial(field) for field in fields]
        dynamic = []  # (name of the column, place in a row of the file, where to put, stored)
        for column in part.all_columns:
            if column.many:
                continue
            places = [at[_attname(model, name)] for name in column.model_field_names]
            stored = self._stored(column)
            default = part.defaults[part.position[column.name]]
            for place, value in zip(places, stored(default), strict=True):
                template[place] = value
            if column.name in part.place or column.name in part.generated:
                dynamic.append((column.name, part.place.get(column.name), places, stored))
        copies = [
            (at[stem], [at[name] for name in names])
            for stem, names in part.resource.translations().items()
        ]
        search = part.resource.search_field()
        found_by = (
            search_texts([list(part.new_texts_of(name)) for name in search.columns])
            if search
            else repeat("")
        )
        for stem_at, names_at in copies:
            template[stem_at] = next((v for n in names_at if (v := template[n])), "")
        key = at[model._meta.pk.attname]
        tree = [at[name] for name in ("lft", "rght", "level", "tree_id")] if "lft" in at else []
        ids, code_place, progress = self.ids[part.kind], part.place["code"], self.plan.progress
        total = len(part.creates)
        generated = part.generated

        def rows():
            for index, search_for in zip(part.creates, found_by, strict=False):
                row = part.rows[index]
                values = template.copy()
                for name, place, places, stored in dynamic:
                    text = None if place is None else row[place]
                    if text is None:
                        made = generated.get(name)
                        text = made.get(index) if made else None
                        if text is None:
                            continue
                    found = stored(text)
                    values[places[0]] = found[0]
                    for i in range(1, len(places)):  # the columns of a date
                        values[places[i]] = found[i]
                for stem_at, names_at in copies:
                    for n in names_at:
                        if text := values[n]:
                            values[stem_at] = text
                            break
                if search:
                    values[at_search] = search_for
                pk = values[key] = ids[row[code_place]]
                if numbers is not None:
                    values[tree[0]], values[tree[1]], values[tree[2]], values[tree[3]] = numbers[pk]
                yield values

        at_search = at[search.attname] if search else None
        bulk.insert(model, fields, rows(), lambda done: progress(_("Writing"), done, total))

    def _initial(self, field):
        """What a new row holds in a field that no column fills."""
        prepare = bulk.preparer(field)
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            value = self.now
        elif field.attname in ("lft", "rght", "level", "tree_id"):
            value = 0
        elif field.primary_key:
            value = None
        else:
            value = field.get_default()
            if value is None and not field.null:
                value = ""
        return value if prepare is None or value is None else prepare(value)

    # --- changes -----------------------------------------------------------------------------
    def _update(self, part):
        updates = [*part.resource.update_order(part.updates), *part.closes]
        if not updates:
            return
        model = part.resource._meta.model
        by_name = {field.attname: field for field in model._meta.concrete_fields}
        stored = {
            i: (
                [by_name[_attname(model, name)] for name in column.model_field_names],
                self._stored(column),
            )
            for i, column in enumerate(part.all_columns)
            if not column.many
        }
        copies = part.resource.translations()
        search = part.resource.search_field()
        touched = by_name.get("updated_at")
        now = bulk.preparer(touched)(self.now) if touched else None
        position = part.position

        def changes():
            for update in updates:
                values = {}
                for i in update.changed:
                    if i in stored:
                        fields, read = stored[i]
                        values.update(zip(fields, read(update.new[i]), strict=True))
                changed = {part.all_columns[i].name for i in update.changed}
                for stem, names in copies.items():
                    if changed & set(names):
                        texts = (update.new[position[name]] for name in names)
                        values[by_name[stem]] = next((t for t in texts if t), "")
                if search and changed & set(search.columns):
                    values[search] = search_text(*[update.new[position[s]] for s in search.columns])
                if touched:
                    values[touched] = now
                if values:
                    yield update.pk, values

        self._free_unique_values(part, updates)
        bulk.update(model, changes())

    def _free_unique_values(self, part, updates):
        """Where records swap a unique value, put it out of the way first."""
        model = part.resource._meta.model
        for field in model._meta.concrete_fields:
            if not field.unique or field.primary_key or field.name == "code":
                continue
            position = part.position.get(field.name)
            if position is None:
                continue
            moving = {u.old[position]: u.pk for u in updates if position in u.changed}
            taken = {u.new[position] for u in updates if position in u.changed}
            clashes = [moving[value] for value in moving.keys() & taken]
            bulk.update(model, ((pk, {field: f"-{pk}-{self.now:%f}"}) for pk in clashes))

    def _lists(self, part):
        own = self.ids[part.kind]
        code_at = part.place["code"]
        for column in part.all_columns:
            if not column.many:
                continue
            position = part.position[column.name]
            rows = []
            changed = [u for u in part.updates if position in u.changed]
            for start in range(0, len(changed), 500):
                keys = [update.pk for update in changed[start : start + 500]]
                rows_of_these = {
                    f"{column.source.name}__in": keys, f"{column.to.name}__isnull": False,
                }  # fmt: skip
                bulk.delete(models.QuerySet(column.through).filter(**rows_of_these, **column.fixed))
            for update in changed:
                rows += [(update.pk, code) for code in split_codes(update.new[position])]
            if column.name in part.place:
                for index in part.creates:
                    if text := part.new_text(index, column.name):
                        pk = own[part.rows[index][code_at]]
                        rows += [(pk, code) for code in split_codes(text)]
            if rows:
                self._insert_links(column, rows)

    def _insert_links(self, column, rows):
        through = column.through
        fields = list(through._meta.concrete_fields)
        at = {field.attname: i for i, field in enumerate(fields)}
        template = [self._initial(field) for field in fields]
        for name, value in column.fixed.items():
            template[at[name]] = value
        source, to, key = at[column.source.attname], at[column.to.attname], at["id"]
        ids = bulk.reserve_ids(through, len(rows))

        def values():
            for pk, (owner, code) in zip(ids, rows, strict=True):
                row = template.copy()
                row[key], row[source], row[to] = pk, owner, self.pk(column.target, code)
                yield row

        bulk.insert(through, fields, values())

    def _delete(self, part):
        model = part.resource._meta.model
        pks = [pk for pk, _texts in part.deletes]
        for start in range(0, len(pks), 500):
            # Through the model's own manager, whose signals keep the codes retired.
            model._default_manager.filter(pk__in=pks[start : start + 500]).delete()


def _attname(model, name):
    return model._meta.get_field(name).attname if not name.endswith("_id") else name
