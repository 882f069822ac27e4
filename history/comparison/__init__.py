"""What changed between two dates.

``states`` reads what was on a date as plain data, ``difference`` sets two such states against each
other, ``entries`` says what each change was and which events brought it about, ``asked`` reads the
address, ``files`` writes CSV, JSON and Atom. docs/adr/0014 says why.
"""
