"""Saving and deleting units so that an outdated copy cannot harm the tree.

django-mptt computes from what the instance in hand remembers: its numbers, its superior's
numbers, where it stood when it was read. When somebody moved the unit in between, a plain
``save()`` corrupts the tree. So every write takes the lock first and then reads what is true.
"""

from contextlib import contextmanager

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connections, models, router
from django.utils.translation import gettext as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel
from mptt.querysets import TreeQuerySet

from . import placement
from .lock import TreeRefusal, UnitGone, writing
from .numbering import numbered_afterwards, renumber

# What decides the place of a unit, and what is computed from it.
_PLACE = ("parent_id", "order", "code")
_NUMBERS = ("lft", "rght", "level", "tree_id")


class PlacedQuerySet(TreeQuerySet):
    """Bulk writes that keep the tree numbers right."""

    def update(self, **values):
        """As Django's; numbers the tree anew when places change. Raises ValidationError on cycles.

        A change that concerns no place (status, names) takes no lock.
        """
        names = _concrete_names(self.model, values)
        if names & set(_NUMBERS):
            raise ValueError("Tree numbers are computed; use units.tree.renumber().")
        if not names & set(_PLACE):
            return super().update(**values)
        with numbered_afterwards(self.db):
            return super().update(**values)

    update.alters_data = True

    def bulk_create(self, objs, *args, **kwargs):
        """As Django's; the whole tree is numbered once, afterwards.

        The objects in hand get no numbers; read them again when the numbers are needed.
        """
        objs = list(objs)
        with numbered_afterwards(self.db):
            for unit in objs:
                for name in _NUMBERS:
                    setattr(unit, name, 0)
            return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs, fields, batch_size=None):
        """As Django's; the whole tree is numbered once, afterwards, when places change."""
        names = _concrete_names(self.model, fields)
        if names & set(_NUMBERS):
            raise ValueError("Tree numbers are computed; use units.tree.renumber().")
        if not names & set(_PLACE):
            return super().bulk_update(objs, fields, batch_size=batch_size)
        with numbered_afterwards(self.db):
            plain = models.QuerySet(self.model, using=self.db)
            return plain.bulk_update(objs, fields, batch_size=batch_size)

    bulk_update.alters_data = True

    def delete(self):
        """As Django's, ProtectedError included; the trees concerned are numbered afterwards."""
        with writing(self.db):
            tree_ids = set(self.order_by().values_list("tree_id", flat=True))
            result = super().delete()
            renumber(tree_ids, using=self.db)
        return result

    delete.alters_data = True
    delete.queryset_only = True


class PlacedManager(TreeManager):
    """django-mptt's manager, its own ways of writing led through ``units.tree``."""

    def move_node(self, node, target, position="last-child"):
        """See ``units.tree.move_to()``; both in hand are brought up to date."""
        with _told_as_by_mptt(target, self.db):
            placement.move_to(node, target, position, using=self.db)

    def insert_node(
        self,
        node,
        target,
        position="last-child",
        save=False,
        allow_existing_pk=False,
        refresh_target=True,
    ):
        """See ``units.tree.insert()``; only with ``save=True``. The target is always read anew."""
        if not save:
            raise NotImplementedError(
                "Room is made for units that are saved: use save=True, or set parent and order "
                "and save the unit."
            )
        if not allow_existing_pk and node.pk and self.filter(pk=node.pk).exists():
            raise ValueError("This unit has already been saved: use move_to().")
        with _told_as_by_mptt(target, self.db):
            placement.insert(node, target, position, using=self.db)
        return node

    insert_node.alters_data = True

    def make_room(self, node, superior):
        """Number a new unit for its place under ``superior`` and move the numbers behind it.

        Numbers that a unit brings along are taken as they are by django-mptt's ``save()``, which
        therefore does not come to the two public ways of inserting.
        """
        target = node._mptt_meta.get_ordered_insertion_target(node, superior)
        position = "left" if target else "last-child"
        super().insert_node(
            node, target or superior, position, allow_existing_pk=True, refresh_target=False
        )
        if target and superior:  # so that the superior in hand knows what stands below it
            self._post_insert_update_cached_parent_right(superior, 2)

    def _mptt_update(self, qs=None, **items):
        # The one place where django-mptt itself writes numbers through a queryset.
        rows = self.all() if qs is None else qs
        return models.QuerySet.update(rows, **self._translate_lookups(**items))

    def rebuild(self, batch_size=None, **_ignored):
        """See ``units.tree.renumber()``."""
        renumber(using=self.db)

    def partial_rebuild(self, tree_id, batch_size=None, **_ignored):
        """See ``units.tree.renumber()``."""
        renumber([tree_id], using=self.db)

    def build_tree_nodes(self, data, target=None, position="last-child"):
        """Units from nested dictionaries, for ``bulk_create()``; nothing is written.

        ``data``: the fields of a unit by name, and under ``children`` a list of the same. What has
        others below it needs its primary key. ``target``: the superior of the first one, as the
        last of whose units it comes; None for the top. Units keep the order of the lists.
        """
        if target is not None and position != "last-child":
            raise NotImplementedError(
                "Units are built as the last below the target: create them, then use move_to()."
            )
        if target is not None and target.pk is None:
            raise ValueError("Nothing can stand below a unit that was never saved: save it first.")
        siblings = models.QuerySet(self.model, using=self.db).filter(parent=target)
        last = siblings.aggregate(last=models.Max("order"))["last"]
        built, waiting = [], [(data, target, 0 if last is None else last + 1)]
        while waiting:
            fields, superior, order = waiting.pop()
            fields = {"order": order, **fields}
            below = fields.pop("children", [])
            if superior is not None:
                fields.pop("parent_id", None)
                fields["parent"] = superior
            unit = self.model(**fields)
            if below and unit.pk is None:
                raise ValueError(f"{unit.code!r} has units below it and needs a primary key.")
            built.append(unit)
            waiting += reversed([(one, unit, number) for number, one in enumerate(below)])
        return built

    @contextmanager
    def delay_mptt_updates(self):
        """``units.tree.numbered_afterwards()``: the block holds the lock, the whole tree is
        numbered once at its end, and nothing of it stays where it fails.

        Until then numbers in the database are wrong, and those in hand until they are read again.
        """
        with numbered_afterwards(self.db):
            yield

    # The numbers are never left wrong: rebuild() afterwards finds nothing to do.
    disable_mptt_updates = delay_mptt_updates


@contextmanager
def _told_as_by_mptt(target, using):
    """What django-mptt's users expect of moving: the target in hand is brought up to date, and a
    cycle is an InvalidMove that is a list of sentences, not a problem of a form's field."""
    try:
        yield
    except placement.UnderItself as error:
        raise placement.UnderItself(error.messages, code="cycle") from error
    if target is not None:
        target.refresh_from_db(using=using, fields=_NUMBERS)


class PlacedModel(MPTTModel):
    """A unit of the tree whose place in the database counts, not the one an old copy remembers."""

    # Set by move(): the place is to be found anew even if superior and order stay the same,
    # since the siblings got other orders.
    _siblings_changed = False
    # Place columns as they were read or last written by this copy; replaced, never changed.
    _read_place = {}

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        unit = super().from_db(db, field_names, values)
        unit._remember_place()
        return unit

    def refresh_from_db(self, using=None, fields=None, from_queryset=None):
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        self._remember_place(fields)

    def _remember_place(self, fields=None):
        """Keep what the database said, to tell later what this copy has changed itself."""
        names = set(_PLACE) & self.__dict__.keys()
        if fields is not None:
            names &= _concrete_names(type(self), fields)
        read = {name: self.__dict__[name] for name in names}
        self._read_place = self._read_place | read

    def save(self, *, force_insert=False, force_update=False, using=None, update_fields=None):
        """Save under the lock of the tree, against what the database says now.

        Superior, order and code are written only where this copy changed them since it was read;
        otherwise what others have written meanwhile stays. The other fields are written as they
        are in hand.

        Raises ValidationError (on ``parent``) when the superior is gone or stands below the unit,
        UnitGone when the unit was deleted in the meantime, TreeBusy when others hold the lock.
        """
        if update_fields is not None and not update_fields:
            return
        using = using or router.db_for_write(type(self), instance=self)
        with writing(using):
            row = self._row(using)
            self._prepare_related_fields_for_save(operation_name="save")
            if row is None:
                if not self._state.adding and self.pk is not None:
                    raise UnitGone
                held = self._stand_as_new(using)
            else:
                held = self._stand_as(row, update_fields, using)
            super().save(
                force_insert=force_insert,
                force_update=force_update,
                using=using,
                update_fields=update_fields,
            )
        self._remember_place()
        for name, value in held.items():
            setattr(self, name, value)

    save.alters_data = True

    def delete(self, using=None, keep_parents=False):
        """Delete under the lock of the tree; deleting twice changes nothing.

        Raises ProtectedError, with the tree untouched, while other records refer to the unit.
        """
        if self.pk is None:
            raise ValueError("A unit that was never saved cannot be deleted.")
        using = using or router.db_for_write(type(self), instance=self)
        with writing(using):
            row = self._row(using)
            if row is None:
                return 0, {}
            for name in _NUMBERS:
                setattr(self, name, row[name])
            return super().delete(using=using, keep_parents=keep_parents)

    delete.alters_data = True

    def move_to(self, target, position="first-child"):
        """See ``units.tree.move_to()``; both in hand are brought up to date."""
        self._tree_manager.db_manager(self._state.db).move_node(self, target, position)

    def insert_at(
        self,
        target,
        position="first-child",
        save=False,
        allow_existing_pk=False,
        refresh_target=True,
    ):
        """See ``units.tree.insert()``; only with ``save=True``."""
        manager = self._tree_manager.db_manager(self._state.db)
        manager.insert_node(self, target, position, save, allow_existing_pk, refresh_target)

    insert_at.alters_data = True

    def clean(self):
        super().clean()
        # An early answer for forms; save() asks again under the lock.
        placement.check_superior(self.pk, self.parent_id, using=self._state.db)

    def _row(self, using):
        """Place and numbers of this unit in the database, None when it is not there."""
        rows = models.QuerySet(type(self), using=using)
        return rows.filter(pk=self.pk).values(*_PLACE, *_NUMBERS).first() if self.pk else None

    def _stand_as_new(self, using):
        """Prepare a unit that is not in the database; numbers it may carry are another's."""
        self._state.adding = True
        for name in _NUMBERS:
            setattr(self, name, None)
        # The code decides among units of the same order, so it is needed before the place.
        self.code = self.code or self.free_code()
        self._read_superior(using)
        if _is_numbered_afterwards(using):
            for name, number in zip(_NUMBERS, _UNNUMBERED, strict=True):
                setattr(self, name, number)
            return {}
        superior = self.parent
        self._tree_manager.db_manager(using).make_room(self, superior)
        self.parent = superior
        return {}

    def _stand_as(self, row, update_fields, using):
        """Prepare a unit that stands in the database as ``row`` says.

        Returns the values in hand that shall not be written now, to be put back afterwards.
        """
        written = None if update_fields is None else _concrete_names(type(self), update_fields)
        held = {}
        for name in _PLACE:
            in_hand = self.__dict__.get(name, row[name])
            if written is not None and name not in written:
                if in_hand != self._read_place.get(name, row[name]):
                    held[name] = in_hand
                setattr(self, name, row[name])
            elif in_hand == self._read_place.get(name, _UNREAD) or name not in self.__dict__:
                setattr(self, name, row[name])
        for name in _NUMBERS:
            setattr(self, name, row[name])
        self._state.adding = False
        self._mptt_saved = True
        self._mptt_cached_fields = {
            "parent": row["parent_id"],
            "order": row["order"],
            "code": row["code"],
        }
        if self._siblings_changed:
            self._mptt_cached_fields["order"] = None  # makes django-mptt look for the place anew
        if self._siblings_changed or any(getattr(self, name) != row[name] for name in _PLACE):
            placement.check_superior(self.pk, self.parent_id, using=using)
            self._read_superior(using)
        if _is_numbered_afterwards(using):  # django-mptt shall see no move
            self._mptt_cached_fields = {
                "parent": self.parent_id,
                "order": self.order,
                "code": self.code,
            }
        return held

    def _read_superior(self, using):
        """Bring the superior in hand up to date: new numbers are computed from its."""
        if self.parent_id is None:
            return
        rows = models.QuerySet(type(self), using=using).filter(pk=self.parent_id)
        numbers = rows.values(*_NUMBERS).first()
        if numbers is None:
            raise ValidationError(
                {"parent": _("This superior has been deleted in the meantime. Choose another one.")}
            )
        for name, value in numbers.items():
            setattr(self.parent, name, value)


_UNREAD = object()
# _NUMBERS of what is saved in a block of numbered_afterwards(), until it ends: of no tree, and so
# that django-mptt does not look for room.
_UNNUMBERED = (1, 2, 0, 0)


def _is_numbered_afterwards(using):
    return getattr(connections[using], "tree_is_numbered_afterwards", False)


def refuse_raw_save(sender, instance, raw=False, using=None, **kwargs):
    """A receiver of ``pre_save``: fixtures come past ``save()``, so somebody must number them."""
    if raw and not _is_numbered_afterwards(using):
        raise TreeRefusal(
            "A unit from a fixture comes without its place in the tree. Load it with "
            "manage.py loaddata, or within units.tree.numbered_afterwards()."
        )


def _concrete_names(model, names):
    """Column names of fields that may be named either way (``parent``, ``parent_id``)."""
    found = set()
    for name in names:
        try:
            found.add(getattr(model._meta.get_field(name), "attname", name))
        except FieldDoesNotExist:
            found.add(name)
    return found
