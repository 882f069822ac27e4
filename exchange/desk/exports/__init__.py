"""The export desk: files of records for staff, and what is known of their columns.

``scopes`` says which records are meant (all, those a list shows, chosen ones), ``forms`` in which
form, ``sending`` makes the file, ``words`` what the pages say; the pages are in ``views``.
"""
