"""The tree of a date worked out unit by unit, from plain dictionaries, as a person would."""

import datetime

from chronology import HistoricalDate

FIRST, NEVER = datetime.date.min, datetime.date.max
ALWAYS = (FIRST, FIRST, NEVER, NEVER)


def date(text):
    return HistoricalDate(text) if text else None


def bounds(begin, end, empty_end=NEVER):
    """(begin at the earliest, certainly begun, end at the earliest, end at the latest)."""
    begin, end = date(begin), date(end)
    return (
        begin and begin.earliest,
        begin and begin.certain,
        end.earliest if end else empty_end,
        end.latest if end else empty_end,
    )


class NaiveTree:
    """``units``: ``{code: {"parent", "since", "founded", "attested", "dissolved", "hidden"}}``;
    ``rows``: a list of ``{"unit", "superior", "begin", "end"}`` in the order in which they were
    written, where a superior "outside" is a body outside, "top" none and "?" not known. Dates are
    EDTF texts; all published units are settled."""

    def __init__(self, units, rows, on):
        self.units, self.rows, self.on = units, rows, on

    def life(self, code):
        unit = self.units[code]
        begin, sure, end, ended = bounds(unit["founded"], unit["dissolved"])
        if unit["hidden"]:  # as if all that is possible were certain
            return begin or FIRST, begin or FIRST, ended or NEVER, ended or NEVER
        attested = date(unit["attested"])
        known = [day for day in (sure, attested and attested.certain) if day]
        return begin, min(known, default=None), end, ended

    def how_surely(self, *periods):
        """ "certain", "possible" or "": whether all periods had a day of the question in common."""
        begins, sure, ends, ended = zip(*periods, strict=True)
        known = self.on.begin or self.on.end or self.on
        begun = max((day for day in begins if day), default=FIRST)
        over = min((day for day in ended if day), default=NEVER)
        first, last = self.on.earliest or FIRST, self.on.latest or NEVER
        if not ((begun <= last or begun == FIRST) and over > first and begun < over):
            return ""
        if None not in sure and None not in ends:
            begun, over = max(sure), min(ends)
            first, last = self.on.earliest or known.earliest, self.on.latest or known.latest
            if begun <= last and over > first and begun < over:
                return "certain"
        return "possible"

    def exists(self, code):
        return bool(self.how_surely(self.life(code)))

    def seen(self, code):
        return not self.units[code]["hidden"] and self.exists(code)

    def candidates(self, code):
        """``[(how surely, superior)]``, best first, before anybody is passed over; without what is
        merely possible where something would be certain, if the unit existed."""
        unit, found, gaps = self.units[code], [], []
        mine = [row for row in self.rows if row["unit"] == code]
        last = (self.on.begin or self.on.end or self.on).latest
        last = self.on.latest or last
        for number, row in enumerate(mine):
            ends = self.life(row["superior"]) if row["superior"] in self.units else ALWAYS
            period = bounds(row["begin"], row["end"], None)
            full = self.how_surely(period, self.life(code), ends)
            if not full or self.replaced(row, mine):
                continue
            sure = self.how_surely(period, ends)  # if the unit existed
            begin = date(row["begin"])
            begun = begin and begin.latest and begin.latest <= last
            rank = 1 if sure == "certain" else 2 if begun else 3
            since = begin and begin.earliest
            key = (rank, -since.toordinal() if since else 0, number)
            if row["superior"] == "?":
                gaps.append(sure)
            else:
                found.append((key, sure, full, row["superior"]))
        ends = self.life(unit["parent"]) if unit["parent"] else ALWAYS
        since = bounds(unit["since"], "")
        if unit["hidden"]:
            since = (since[0] or FIRST, since[0] or FIRST, NEVER, NEVER)
        full = self.how_surely(since, self.life(code), ends)
        present = full and self.how_surely(since, ends)
        if "certain" in gaps:
            found, present = [one for one in found if one[1] == "certain"], ""
        if gaps and present == "possible":
            present = ""
        if present:
            key = (0 if present == "certain" else 4,)
            found.append((key, present, full, unit["parent"] or "top"))
        if any(one[1] == "certain" for one in found):
            found = [one for one in found if one[1] == "certain"]
        return [(full, superior) for _key, _sure, full, superior in sorted(found)]

    def superiors(self, code, met=()):
        """The same as readers are told it."""
        if not self.exists(code):
            return []
        found = []
        for sure, superior in self.candidates(code):
            if superior in self.units and self.units[superior]["hidden"]:
                if superior not in (*met, code):
                    found += [
                        (
                            one if sure == "certain" else sure,
                            "top over hidden" if above.startswith("top") else above,
                        )
                        for one, above in self.superiors(superior, (*met, code))
                    ]
            else:
                found.append((sure, superior))
        return found

    def replaced(self, row, mine):
        end, begin = date(row["end"]), date(row["begin"])
        if (end and end.latest) or not begin or begin.latest is None:
            return False
        first = self.on.earliest or FIRST
        for other in mine:
            other = date(other["begin"])
            if (
                other and other.earliest and other.latest
                and begin.latest < other.earliest and other.latest <= first
            ):  # fmt: skip
                return True
        return False

    def place(self, code):
        """Code of the unit under which it stands, "top" (also under a body outside), or "?"."""
        found = self.superiors(code)
        place = found[0][1] if found else "?"
        return "top" if place in ("outside", "top over hidden") else place

    def placed(self, place):
        return {code for code in self.units if self.seen(code) and self.place(code) == place}
