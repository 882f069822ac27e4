"""The tree of a date worked out unit by unit, from plain dictionaries, as a person would."""

import datetime

from chronology import HistoricalDate

FIRST, NEVER = datetime.date.min, datetime.date.max
ALWAYS = (FIRST, FIRST, NEVER, NEVER)


def date(text):
    return HistoricalDate(text) if text else None


def witnessed(period, today):
    """The same of what stands on a row of today: it has begun by today, if it may have."""
    begun, sure, *ends = period
    if begun and begun > today:
        return period
    return begun, min(today, sure or today), *ends


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
    ``rows``: a list of ``{"unit", "superior", "begin", "end", "announced"}`` in the order in which
    they were written, where a superior "outside" is a body outside, "top" none and "?" not known.
    Dates are EDTF texts; all published units are settled. ``editor``: the reader sees what is
    hidden until its day. ``outside``: when the body outside was founded and dissolved."""

    def __init__(self, units, rows, on, today, editor=False, outside=("", "")):
        self.units, self.on, self.today = units, on, today
        self.outside = outside
        self.rows = [row for row in rows if editor or self.is_public(row)]

    def is_public(self, row):
        begin = date(row["begin"])
        return row["announced"] or not (begin and begin.earliest and begin.earliest > self.today)

    def effect_day(self, row):
        """The day on which a row to come takes the place of the present one, or None."""
        begin, since = date(row["begin"]), date(self.units[row["unit"]]["since"])
        if row["end"] or not begin or not begin.exact:
            return None
        later = since and since.certain and begin.exact > since.certain
        return begin.exact if later or begin.exact > self.today else None

    def period_of(self, row, days):
        """The bounds of a row; ``days``: those on which rows to come of its unit take effect."""
        day = self.effect_day(row)
        if day is None:
            return bounds(row["begin"], row["end"], None)
        following = min((one for one in days if one > day), default=NEVER)
        return day, day, following, following

    def life(self, code):
        unit = self.units[code]
        begin, sure, end, ended = bounds(unit["founded"], unit["dissolved"])
        if unit["hidden"]:  # as if all that is possible were certain
            return begin or FIRST, begin or FIRST, ended or NEVER, ended or NEVER
        attested = date(unit["attested"])
        known = [day for day in (sure, attested and attested.certain) if day]
        return witnessed((begin, min(known, default=None), end, ended), self.today)

    def life_of_superior(self, superior):
        if superior == "outside":
            founded, dissolved = self.outside
            begun = bounds(founded, dissolved)
            return begun if founded else (FIRST, FIRST, *begun[2:])
        return self.life(superior) if superior in self.units else ALWAYS

    def how_surely(self, *periods, capped=False):
        """ "certain", "possible" or "": whether all periods had a day of the question in common;
        ``capped``: a day up to today, to be certain."""
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
            last = min(last, self.today) if capped else last
            if first <= last and begun <= last and over > first and begun < over:
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
        days = [day for row in mine if (day := self.effect_day(row))]
        last = (self.on.begin or self.on.end or self.on).latest
        last = self.on.latest or last
        for number, row in enumerate(mine):
            ends = self.life_of_superior(row["superior"])
            period = self.period_of(row, days)
            full = self.how_surely(period, self.life(code), ends, capped=True)
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
        over = min(days, default=NEVER)
        since = witnessed((*bounds(unit["since"], "")[:2], over, over), self.today)
        if unit["hidden"]:
            since = (since[0] or FIRST, since[0] or FIRST, over, over)
        full = self.how_surely(since, self.life(code), ends, capped=True)
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
