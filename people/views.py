"""The pages of who leads."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.models import Person, Post, Term
from publishing.models import refers_to

HEADS_PER_PAGE = 60
FORMER_SHOWN = 200


@require_safe
def leadership(request):
    """Who leads the institution, who leads its units, and who did before."""
    as_of, user = request.as_of, request.user
    posts = Post.objects.filter(refers_to("unit", as_of.units())).select_related("unit")
    posts = posts.with_holders(user, as_of.on)
    heads = posts.heads().filter(unit__parent__isnull=False).in_tree_order()
    former = Term.objects.visible_to(user).ended(as_of.on).filter(post__is_head=True)
    page = Paginator(heads, HEADS_PER_PAGE).get_page(request.GET.get("page"))
    request.page_parameters = {"page": page.number}
    context = {
        "leaders": posts.filter(unit__parent__isnull=True).in_tree_order()[:HEADS_PER_PAGE],
        "page": page,
        "former": former.filter(post__unit__parent__isnull=True)
        .select_related("person", "post__unit")
        .latest_first()[:FORMER_SHOWN],
    }
    return render(request, "people/leadership.html", context)


@require_safe
def person(request, slug):
    """A person and the posts held."""
    shown = get_object_or_404(Person.objects.visible_to(request.user), slug=slug)
    terms = Term.objects.visible_to(request.user).filter(person=shown)
    terms = terms.select_related("post__unit").latest_first()
    context = {
        "person": shown,
        "terms": terms,
        "crumbs": [(reverse("people:leadership"), _("Leadership"))],
    }
    return render(request, "people/person.html", context)
