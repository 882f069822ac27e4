"""What units are on a date: whether they exist, their names, superiors and heads then."""

from chronology import Certainty
from open_data.kinds import BY_NAME, date_value
from publishing.translated import by_column, texts
from structure.as_of import AsOf
from units.models import ExternalBody, Unit


def answer_for(units, rows, on):
    """Writes into each row of ``rows`` what its unit is on the date (None: today).

    ``existence`` answers for the date, and the columns of the name and ``parent`` do where there
    is one (else they are those of the stored row); with all that is possible in ``names``,
    ``superiors`` and ``heads``, the likeliest first.
    Of a unit that did not exist then nothing is said to have held; the columns of the name are what
    its page is headed with. Addresses, telephone numbers and the like are None for a date
    that does not have today in it.
    """
    as_of = AsOf(on, None)
    if not as_of.has_today:
        forget_contact(rows)
    names, superiors = as_of.names.of(units), as_of.superiors_of(units)
    heads, codes = as_of.heads_of(units), _superior_codes(superiors)
    for unit, row in zip(units, rows, strict=True):
        own_names = names.get(unit.pk, [])
        row["existence"] = as_of.existence(unit).value
        row["names"] = [_name(one) for one in own_names] if as_of.existence(unit) else []
        row["superiors"] = [_superior(one, codes) for one in superiors[unit.pk]]
        if on is not None:
            row |= by_column("name", own_names[0].texts if own_names else None)
            first = row["superiors"][:1]
            row["parent"] = first[0]["unit"] if first else None
        row["heads"] = [_head(term) for term in heads.get(unit.pk, [])]


def forget_contact(rows):
    """Empty what rows of units hold for today only."""
    for row in rows:
        row |= dict.fromkeys(BY_NAME["units"].columns_of_today)


def _name(one):
    return {**by_column("name", one.texts), **_period(one)}


def _superior(one, codes):
    unit, body = codes["units"].get(one.unit_id), codes["bodies"].get(one.body_id)
    return {"unit": unit, "external_body": body, **_period(one)}


def _period(one):
    return {
        "certainty": one.certainty.value,
        "begin": date_value(one.begin),
        "end": date_value(one.end),
    }


def _head(term):
    certainty = getattr(term, "certainty", Certainty.CERTAIN)
    return {
        "term": term.code,
        "post": term.post.code,
        **by_column("title", texts(term.post, "title")),
        "person": term.person.code,
        **by_column("name", texts(term.person, "name")),
        "acting": term.acting,
        "certainty": certainty.value,
        "begin": date_value(term.begin),
        "end": date_value(term.end),
    }


def _superior_codes(superiors):
    units = {one.unit_id for found in superiors.values() for one in found} - {None}
    bodies = {one.body_id for found in superiors.values() for one in found} - {None}
    units = Unit.objects.visible_to(None).order_by().filter(pk__in=units)
    bodies = ExternalBody.objects.visible_to(None).order_by().filter(pk__in=bodies)
    return {
        "units": dict(units.values_list("pk", "code")),
        "bodies": dict(bodies.values_list("pk", "code")),
    }
