"""From when on a term that nobody has dated is certain: from when it is first public.

As units do it (``units.first_public``). A term is public when its person and its unit are, so it is
looked at whenever one of the three is saved, and after each import.
"""

from django.db.models import Q
from django.db.models.signals import post_save
from django.utils import timezone

from chronology.recorded import settled
from exchange.signals import applied
from people.models import Person, Post, Term
from publishing.models import Status
from units.first_public import first_public_day
from units.models import Unit


def settle(terms):
    """Write since when they run into those of ``terms``, a queryset, that run today, are public
    and are not certain by then."""
    today = timezone.localdate()
    begun = Q(begin_earliest__isnull=True) | Q(begin_earliest__lte=today)
    terms = terms.filter(
        begun,
        Q(begin_certain__isnull=True) | Q(begin_certain__gt=today),
        end_earliest__gt=today,
        person__status=Status.PUBLISHED,
        post__unit__status=Status.PUBLISHED,
    )
    for term in terms.select_related("person", "post__unit"):
        public_at = (term.person.publish_at, term.post.unit.publish_at)
        day = max(map(first_public_day, public_at))
        if day == today:
            begin = Term._meta.get_field("begin")
            values = begin.bounds_columns(settled(term.begin, day))
            Term.objects.filter(pk=term.pk).update(**values)
            term.begin = values["begin"]


def _saved(instance, raw=False, **kwargs):
    if raw:
        return
    path = {Term: "pk", Post: "post", Person: "person", Unit: "post__unit"}[type(instance)]
    settle(Term.objects.filter(**{path: instance.pk}))
    if isinstance(instance, Term):
        instance.refresh_from_db(fields=["begin"])


def _applied(plan, **kwargs):
    if any(part.resource.model() in (Term, Post, Person, Unit) for part in plan.parts):
        settle(Term.objects.all())


def connect():
    """Called when the apps are ready."""
    for model in (Term, Post, Person, Unit):
        post_save.connect(_saved, sender=model, dispatch_uid=f"settle-{model.__name__}")
    applied.connect(_applied, dispatch_uid="settle-terms")
