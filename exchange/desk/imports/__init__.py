"""The import desk: how a file goes from an editor's disk into the records, page by page.

    upload → ImportJob ─ work.check ─→ preview or problems ─ confirm ─ work.carry_out ─→ result

``jobs`` knows the states, ``work`` does the two steps (in the request for small files, as a
background task for others), ``lines`` keeps a plan so that its pages need not plan again,
``progress`` lets others see how far the work is. docs/adr/0011-background-work.md.
"""
