"""Run inside a copy of the project: makes its migrations, database and a few records, asks it, and
writes all answers as JSON to the file that is its argument. See ``test_adding.py``."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "mia_site.settings"

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

PAGES = {
    "structure": "/fr/structure/?on=1960",
    "unit": "/fr/units/police/?on=1960",
    "today": "/fr/units/police/",
    "german": "/de/units/police/",
    "index": "/fr/units/",
    "index of all": "/fr/units/?all=1",
    "found": "/fr/search/?q=gendarmerie",
    "found former": "/fr/search/?q=milice",
    "found without signs": "/fr/search/?q=ecuries",
    "matched": "/api/v1/units?q=gendarmerie",
    "api": "/api/v1/units/police",
    "api then": "/api/v1/units/police?on=1960",
    "linked": "/api/v1/units/police",
    "described": "/api/v1/openapi.json",
    "table": "/open-data/structure.csv?on=1960",
    "compared": "/fr/compare/changes.csv?from=1960&to=1995",
    "compared page": "/fr/compare/?from=1960&to=1995",
    "site map": "/sitemap.xml",
}


def main(answers):
    call_command("makemigrations", verbosity=0)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    call_command("migrate", verbosity=0)
    setup_test_environment()
    make_records()
    client = Client()
    found = {}
    for name, address in PAGES.items():
        accept = "application/ld+json" if name == "linked" else "*/*"
        response = client.get(address, headers={"accept": accept})
        body = b"".join(response) if response.streaming else response.content
        found[name] = [response.status_code, body.decode()]
    found["files"] = files()
    found["form"] = form(client)
    found["dates"] = dates()
    found["wrong entries"] = wrong_entries()
    Path(answers).write_text(json.dumps(found))


def make_records():
    model = apps.get_model
    kind = model("units.UnitKind").objects.create(code="office", name_en="Office", name_fr="Bureau")
    unit = model("units.Unit")
    texts = {"kind": kind, "status": "published"}
    police = unit.objects.create(
        code="police", slug="police", founded="1918", name_since="1992-07-02",
        name_az="Polis", name_en="Police", name_fr="Gendarmerie nationale", **texts,
    )  # fmt: skip
    for code, name in (("b", "Zone"), ("c", "Écuries"), ("d", "Accueil"), ("e", "Eaux")):
        unit.objects.create(code=code, name_en=f"x{code}", name_fr=name, parent=police, **texts)
    model("units.DatedName").objects.create(
        code="police-name-1", unit=police, name_az="Milis", name_en="Militia",
        name_fr="Milice rouge", begin="1920", end="1992-07-02",
    )  # fmt: skip
    # Known in one language only.
    unit.objects.create(code="only", name_fr="Musée", parent=police, **texts)


def files():
    """The headings of a file of units, and what its import changes: nothing."""
    import exchange

    exchange.export_to("units.csv", "units")
    with open("units.csv", encoding="utf-8-sig") as file:
        headings = file.readline().strip().split(",")
    plan = exchange.plan(exchange.read("units.csv", "units"), user=None)
    part = plan.parts[0]
    return {"headings": headings, "changes": [len(part.creates), len(part.updates)]}


def form(client):
    from django.contrib.auth import get_user_model
    from django.utils import translation

    client.force_login(get_user_model().objects.create_superuser("editor"))
    translation.activate("fr")
    response = client.get("/admin/units/unit/add/")
    return [response.status_code, response.content.decode()]


def dates():
    """How dates are worded and read in the new languages, and the order of the alphabet."""
    from chronology import HistoricalDate, read_date
    from chronology.display import display, display_period
    from structure.alphabet import sort_key

    day = HistoricalDate("1918-05-28")
    return {
        "day": display(day, "fr"),
        "about": display(HistoricalDate("1840~"), "fr"),
        "century": display(HistoricalDate("18XX"), "fr"),
        "period": display_period(day, None, "fr"),
        "without a file": display(day, "de"),
        "read": [
            read_date(text).text
            for text in (
                "28 mai 1918", "1er août 1918", "vers 1840", "XIXe siècle", "années 1840",
                "depuis 1918", "avant 1900", "28 may 1918-ci il", "28 мая 1918 года",
            )
        ],
        "order": sorted(["Zone", "Écuries", "Accueil", "Eaux"], key=lambda n: sort_key(n, "fr")),
    }  # fmt: skip


def wrong_entries():
    from search import upkeep

    return sum(number for _kind, number in upkeep.differences())


main(sys.argv[1])
