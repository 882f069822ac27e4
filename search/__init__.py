"""One question to every kind of record: see :func:`search.finding.search`."""
