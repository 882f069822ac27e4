"""What a resource declares: the columns of a kind of record in files, and the rules of its own."""

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.functions import Collate
from django.utils.functional import classproperty
from import_export import resources

from exchange.columns import column_for, is_postgresql
from publishing import translated
from publishing.fields import SearchTextField
from publishing.record_kinds import kind_of


class ResourceDeclaration(resources.ModelResource):
    """One row of a file ↔ one record: the part of ``RecordResource`` that every stage reads.

    ``tree``: whether the records form a tree by ``parent``.
    ``closes``: the column to fill where a record that a file does not mention is closed rather
    than deleted.
    ``belongs_to``: references whose records show this one.
    ``lock``: makes a context manager, a transaction in which nobody else changes such records;
    None where locking their tables is enough.
    """

    tree = False
    closes = None
    belongs_to = ()
    lock = None
    # What other registers call a column: {its name, or the stem of a translated one: words}.
    also_called = {}
    # Kinds of which a cell may ask for new records (a kind of unit that is not known yet).
    makes = ()

    class Meta:
        abstract = True
        import_id_fields = ("code",)
        clean_model_instances = True
        use_transactions = True

    # --- declaration -------------------------------------------------------------------------
    @classproperty
    def kind(cls):
        """The word for these records in commands, sheets and file names."""
        return kind_of(cls._meta.model).name

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return column_for(django_field)

    @classmethod
    def columns(cls):
        """The columns in the order of files."""
        if "_columns" not in cls.__dict__:
            cls._columns = [cls.fields[name] for name in cls._meta.fields]
        return cls._columns

    @classmethod
    def column(cls, name):
        return cls.fields[name]

    @classmethod
    def model(cls):
        return cls._meta.model

    @classmethod
    def rows(cls):
        """All records, without a manager's own ideas about order and language."""
        return models.QuerySet(cls._meta.model).order_by()

    @classmethod
    def title_columns(cls):
        """Columns with the text by which people know the record, the active language first."""
        names = [name for name in cls._meta.model.title_fields() if name in cls.fields]
        return translated.own_first(names)

    @classmethod
    def sample(cls, number):
        """{column: text} for a made-up row of an example file; ``number``: 0 for the first one."""
        return {}

    # --- hooks -------------------------------------------------------------------------------
    def prepare(self, part):
        """Called before the cells are read; ``part`` is the KindPlan."""

    def ask(self, part):
        """Called when cells are read and references known: for what changes what readers have
        seen, says what it means (``part.meant``) or asks (``part.plan.ask``)."""

    def settle(self, part):
        """Called when it is known what is new and what changes: may write into both."""

    def check(self, part):
        """Rules that need more than one row. Adds problems and notes to ``part``."""

    def clean_row(self, record):
        """The model's own rules over several fields. Raises ValidationError.

        ``record`` is one instance that is filled anew for every row: it must not be kept.
        """
        record.clean()

    def may_change(self, user, old, new):
        """Whether ``user`` may make ``new`` out of ``old`` ({column: text}, None if there is none).

        The place for rights by sub-tree: both ends of a move are in the two.
        """
        return True

    def update_order(self, updates):
        """Updates in an order in which no unique constraint is hurt on the way."""
        return updates

    def numbers_for_new(self, part, writer):
        """{pk: (lft, rght, level, tree_id)} for the new records of a tree, where it pays to know
        them before writing; None to have them numbered afterwards."""
        return None

    def after_write(self, part, numbered):
        """Called when the records of ``part`` are written. ``numbered``: whether the new ones got
        their numbers from ``numbers_for_new``."""

    @classmethod
    def visible_to(cls, user):
        """The records that ``user`` may see, as a plain QuerySet."""
        seen = kind_of(cls._meta.model).visible_to(user).order_by()
        return cls.rows().filter(pk__in=seen.values("pk"))

    @classmethod
    def in_order(cls, rows):
        """``rows`` in the order of an exported file, the same on every database."""
        code = Collate("code", "C") if is_postgresql() else "code"
        return rows.order_by(code)

    # --- what the engine asks ----------------------------------------------------------------
    @classmethod
    def expressions(cls, columns):
        """SQL for the canonical texts of ``columns``, to be given to ``values_list``."""
        return [column.expression() for column in columns]

    @classmethod
    def texts(cls, columns, rows, chunk=2000, ids=None):
        """Yield (pk, [canonical text of each column]) for a QuerySet, streaming.

        ``chunk``: rows at a time; None for few rows, which come at once. ``ids``: the ids of
        ``rows`` where they are few, so that lists of codes are read for those alone.
        """
        posts = [(i, column.post) for i, column in enumerate(columns) if column.post]
        lists = [(i, column) for i, column in enumerate(columns) if column.many]
        rows = rows.values_list("pk", *cls.expressions(columns))
        if lists:
            loaded = [(i, column.load_all(ids)) for i, column in lists]
        for pk, *texts in rows.iterator(chunk_size=chunk) if chunk else rows:
            for i, post in posts:
                texts[i] = post(texts[i])
            if lists:
                for i, found in loaded:
                    texts[i] = found.get(pk, "")
            yield pk, texts

    @classmethod
    def translations(cls):
        """{column of the table that repeats a translation: [columns of its languages]}."""
        found = {}
        names = {f.name for f in cls._meta.model._meta.concrete_fields}
        for field in cls._meta.model._meta.concrete_fields:
            if getattr(field, "translated_field", None) is not None:
                found.setdefault(field.translated_field.name, [])
        for stem, columns in found.items():
            columns += translated.own_first(translated.columns(stem), settings.LANGUAGE_CODE)
            columns[:] = [name for name in columns if name in names]
        return found

    @classmethod
    def search_field(cls):
        """The SearchTextField of the model, or None."""
        fields = cls._meta.model._meta.concrete_fields
        return next((f for f in fields if isinstance(f, SearchTextField)), None)

    @classmethod
    def has_field(cls, name):
        try:
            cls._meta.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True
