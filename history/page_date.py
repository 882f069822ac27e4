"""What the date of a page means for records that have no date of their own, or a later one."""

from chronology import days_of


def last_day(as_of):
    """The last day of the page's date: what had not happened by then does not belong on the page.

    None on a page whose date has today in it, which shows all that is known.
    """
    return None if as_of is None or as_of.has_today else days_of(as_of.on)[1]
