"""The index: the folded text of every record that has a page, and the words that occur in it.

Full-text tables stand beside it, one per kind of database (``migrations/0002_full_text.py``), and
follow it by themselves: triggers on SQLite, a generated column on PostgreSQL. Writers write here.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The number of the kind stands above the record's own key.
KEY_BITS = 40


def entry_id(number, pk):
    """Key of the entry of a record: the number of its kind (``search.kinds``) and its own key."""
    return (number << KEY_BITS) + pk


class SearchEntry(models.Model):
    """What the search knows of one record, folded (``publishing.text.fold``), in every language.

    Texts of one language are joined by `` | ``, languages by `` || `` in the order of LANGUAGES.
    Who may see the record is not kept here: it is asked of the record when somebody searches.
    """

    id = models.BigIntegerField(primary_key=True)
    object_id = models.BigIntegerField()
    name = models.TextField()
    former = models.TextField()
    short = models.TextField()
    summary = models.TextField()
    body = models.TextField()

    class Meta:
        default_permissions = ()  # nobody edits it
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self):
        return self.name

    @classmethod
    def ids_of(cls, number):
        """First and last possible key of a kind's entries."""
        return number << KEY_BITS, ((number + 1) << KEY_BITS) - 1


class SearchWord(models.Model):
    """A word of the index, for corrections of mistyped ones.

    Words of hidden records are among them: never show one before a visible record has been found
    by it.
    """

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("search word")
        verbose_name_plural = _("search words")

    def __str__(self):
        return self.word
