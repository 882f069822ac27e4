"""Dates as typed literals, never more exact than they are known.

A year is an ``xsd:gYear``, a month an ``xsd:gYearMonth``, a day an ``xsd:date``; everything else
(about, possibly, decades, periods) is EDTF text with the datatype of the Library of Congress.
"""

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
_TYPES = {"day": "xsd:date", "month": "xsd:gYearMonth", "year": "xsd:gYear"}
_INSTANTS = {
    "xsd:date": "time:inXSDDate",
    "xsd:gYearMonth": "time:inXSDgYearMonth",
    "xsd:gYear": "time:inXSDgYear",
}


def literal(date):
    """A typed value for a date as the API gives it (``{"edtf", "precision", …}``), or None."""
    if not date:
        return None
    exact = date["edtf"][-1] not in "?~%" and date["precision"] in _TYPES
    return {"@value": date["edtf"], "@type": _TYPES[date["precision"]] if exact else EDTF}


def interval(begin, end):
    """An OWL-Time interval; ``end`` is the first moment outside. None without either."""
    ends = {"time:hasBeginning": _instant(begin), "time:hasEnd": _instant(end)}
    ends = {name: instant for name, instant in ends.items() if instant}
    return {"@type": "time:ProperInterval", **ends} if ends else None


def _instant(date):
    value = literal(date)
    if value is None:
        return None
    return {"@type": "time:Instant", _INSTANTS.get(value["@type"], "dcterms:date"): value}
