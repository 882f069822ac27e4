"""One record ↔ one node of linked data.

Each function takes a row of the API and ``Names``. What is empty is left out; texts carry their
language. A row that only tells of another record (a former name) gives a node that adds to it.
"""

from chronology.languages import site_codes
from history.event_kinds import event_kind
from open_data.linked.dates import interval, literal
from open_data.linked.names import iri
from publishing.translated import column, columns

CONTEXT = {
    "schema": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "time": "http://www.w3.org/2006/time#",
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def filled(node):
    """``node`` without what is empty."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}


def named(types, names):
    """A thing without an address of its own, of which the names are known; None without any."""
    return {"@type": types, "schema:name": names} if names else None


def texts(row, stem):
    """The texts of a row in all languages."""
    found = [(code, row.get(column(stem, code))) for code in site_codes()]
    return [{"@value": text, "@language": code} for code, text in found if text]


def link(address):
    return {"@id": iri(address)} if address else None


def place(latitude, longitude):
    """A point on the map, or None where it is not known."""
    if latitude is None or longitude is None:
        return None
    point = {
        "@type": "schema:GeoCoordinates",
        "schema:latitude": latitude,
        "schema:longitude": longitude,
    }
    return {"@type": "schema:Place", "schema:geo": point}


def _main(kind, types, row, names, stem="name"):
    return {
        "@id": names(kind, row["code"]),
        "@type": types,
        "schema:identifier": row["code"],
        "schema:name": texts(row, stem),
        "schema:description": texts(row, "summary"),
        "schema:mainEntityOfPage": [link(names.page(row[one])) for one in columns("page")],
    }


def unit(row, names):
    """The unit as it is today."""
    superior = link(names("units", row["parent"])) if row["parent"] else None
    kind = "org:OrganizationalUnit" if superior else "org:FormalOrganization"
    return filled(
        {
            **_main("units", ["schema:GovernmentOrganization", kind], row, names),
            "skos:altLabel": texts(row, "short_name") + texts(row, "abbreviation"),
            "schema:legalName": row["native_name"],
            "schema:foundingDate": literal(row["founded"]),
            "schema:dissolutionDate": literal(row["dissolved"]),
            "schema:parentOrganization": superior,
            "org:subOrganizationOf": superior,
            "org:classification": link(names("unit_kinds", row["kind"])) if row["kind"] else None,
            "schema:address": texts(row, "address"),
            "schema:location": place(row["latitude"], row["longitude"]),
            "schema:telephone": row["phone"],
            "schema:email": row["email"],
            "schema:url": link(row["website"]),
            "schema:logo": link(names.page(row["emblem"])) if row["emblem"] else None,
        }
    )


def external_body(row, names):
    types = ["schema:Organization", "org:Organization"]
    if row["kind"] == "state":
        types = ["schema:GovernmentOrganization", "org:FormalOrganization"]
    return filled(
        {
            **_main("external_bodies", types, row, names),
            "skos:altLabel": texts(row, "abbreviation"),
            "schema:foundingDate": literal(row["founded"]),
            "schema:dissolutionDate": literal(row["dissolved"]),
            "schema:url": link(row["website"]),
        }
    )


def person(row, names):
    variants = [one.strip() for one in row["name_variants"].split(";") if one.strip()]
    return filled(
        {
            **_main("people", ["schema:Person"], row, names),
            "schema:alternateName": variants,
            "schema:honorificPrefix": texts(row, "rank"),
            "schema:image": link(names.page(row["portrait"])) if row["portrait"] else None,
        }
    )


def post(row, names):
    return filled(
        {
            "@id": names("posts", row["code"]),
            "@type": "org:Post",
            "schema:identifier": row["code"],
            "schema:name": texts(row, "title"),
            "schema:description": texts(row, "how_filled"),
            "org:postIn": link(names("units", row["unit"])),
        }
    )


def term(row, names, unit_of_post):
    """``unit_of_post``: {code of a post: code of its unit}."""
    unit_code = unit_of_post.get(row["post"])
    return filled(
        {
            "@id": names("terms", row["code"]),
            "@type": "org:Membership",
            "schema:identifier": row["code"],
            "org:member": link(names("people", row["person"])),
            "org:organization": link(names("units", unit_code)) if unit_code else None,
            "dcterms:relation": link(names("posts", row["post"])),
            "org:memberDuring": interval(row["begin"], row["end"]),
            "schema:description": texts(row, "note"),
        }
    )


def event(row, names):
    """An event; one that changes bodies is an ``org:ChangeEvent``."""

    def bodies(word):
        return [link(names("units", code)) for code in row[f"units_{word}"]] + [
            link(names("external_bodies", code)) for code in row[f"bodies_{word}"]
        ]

    changes = event_kind(row["kind"]).changes_units
    before, after = bodies("before"), bodies("after")
    date = row["date"]
    return filled(
        {
            **_main(
                "events",
                ["schema:Event", "org:ChangeEvent"] if changes else ["schema:Event"],
                row,
                names,
                "title",
            ),
            "dcterms:date": literal(date),
            "schema:startDate": literal(date) if date and date["precision"] != "period" else None,
            "schema:additionalType": row["kind"],
            "org:originalOrganization": before if changes else [],
            "org:resultingOrganization": after if changes else [],
            "schema:about": bodies("concerned") + ([] if changes else before + after),
            "schema:location": named("schema:Place", texts(row, "place")),
            "schema:citation": [link(names("sources", code)) for code in row["sources"]],
        }
    )


def source(row, names):
    return filled(
        {
            "@id": names("sources", row["code"]),
            "@type": "schema:CreativeWork",
            "schema:identifier": row["code"],
            "schema:name": texts(row, "title"),
            "schema:publisher": named("schema:Organization", texts(row, "publisher")),
            "schema:datePublished": literal(row["date"]),
            "schema:url": link(row["url"]),
        }
    )


def former_name(row, names):
    """Adds a name with its period to the unit; nothing where the name is not known."""
    if not texts(row, "name"):
        return {"@id": names("units", row["unit"])}
    role = {
        "@id": names("dated_names", row["code"]),
        "@type": "schema:Role",
        "schema:alternateName": texts(row, "name"),
        "dcterms:temporal": interval(row["begin"], row["end"]),
    }
    return {"@id": names("units", row["unit"]), "schema:alternateName": filled(role)}


def dated_superior(row, names):
    """Adds a superior with its period to the unit."""
    if row["parent"]:
        superior = names("units", row["parent"])
    elif row["external_body"]:
        superior = names("external_bodies", row["external_body"])
    else:  # at the top, or not known: there is nobody to name
        return {"@id": names("units", row["unit"])}
    role = {
        "@id": names("dated_superiors", row["code"]),
        "@type": "schema:OrganizationRole",
        "schema:parentOrganization": link(superior),
        "dcterms:temporal": interval(row["begin"], row["end"]),
    }
    return {"@id": names("units", row["unit"]), "schema:parentOrganization": filled(role)}


def unit_kind(row, names):
    return filled(
        {
            "@id": names("unit_kinds", row["code"]),
            "@type": "skos:Concept",
            "skos:notation": row["code"],
            "skos:prefLabel": texts(row, "name"),
        }
    )
