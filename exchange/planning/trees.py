"""What an import may not do to a tree: cycles of superiors, chains that are too deep."""

from django.utils.translation import gettext as _

from exchange.problems import Refused

# The superiors of so many records are looked up one level after the other.
_FEW = 500


def check_tree(part):
    """No cycle of superiors, and no chain deeper than allowed."""
    if not part.resource.tree or "parent" not in part.place:
        return
    parent_at = part.position["parent"]
    place, key = part.place["parent"], part.place["code"]
    moved, superiors = {}, {}
    code_at = part.position["code"]
    for update in part.updates:
        if update.action == "move":
            moved[update.new[code_at]] = update.index
            superiors[update.new[code_at]] = update.new[parent_at] or None
    fresh = {}
    for index, exists in enumerate(part.exists if 0 in part.exists else ()):
        if not exists and (code := part.rows[index][key]):
            fresh.setdefault(code, index)
            superiors.setdefault(code, part.rows[index][place] or None)
    # Where nothing moves, what is there stays on its level and no cycle can lead through it.
    parents = (_chains(part, superiors.values()) | superiors) if moved else superiors
    if not fresh and not moved:
        return
    _check_cycles(part, parents, moved, fresh)
    _check_levels(part, parents, fresh, set(moved.values()))


def _chains(part, codes):
    """{code: its superior's} of records and of all above them, as the database has them."""
    parents, wanted = {}, set(codes)
    rows = part.resource.rows().values_list("code", "parent__code")
    if len(wanted) > _FEW:
        return dict(rows.iterator(chunk_size=5000))
    # What cannot be a code was refused already and must not reach the database (NUL).
    wanted = {code for code in wanted if code and code.isprintable()}
    while wanted:
        found = dict(rows.filter(code__in=wanted))
        parents |= found
        wanted = {code for code in found.values() if code} - parents.keys()
    return parents


def _check_cycles(part, parents, moved, fresh):
    state = {}  # code → number of the walk that met it
    for walk, start in enumerate([*moved, *fresh], 1):
        path, code = [], start
        while code is not None and code in parents and code not in state:
            state[code] = walk
            path.append(code)
            code = parents[code]
        if code is None or state.get(code) != walk or code not in path:
            continue
        cycle = path[path.index(code) :]
        shown = cycle if len(cycle) <= 12 else [*cycle[:6], "…", *cycle[-5:]]
        sentence = (
            _("A record cannot be its own superior.")
            if len(cycle) == 1
            else _("These are under each other in a circle: %(cycle)s.")
            % {"cycle": " → ".join([*shown, shown[0]])}
        )
        for member in cycle:
            index = moved.get(member, fresh.get(member))
            if index is not None:
                part.in_cycles.add(index)
                part.refuse(
                    Refused(
                        "cycle",
                        sentence,
                        _("Check their superiors and correct the wrong one."),
                    ),
                    index,
                    "parent",
                    parents[member],
                )


def _check_levels(part, parents, fresh, moved):
    limit = part.plan.limits.levels
    levels = {}
    known = {parent for parent in parents.values() if parent and parent not in parents}
    # What cannot be a code was refused already and must not reach the database (NUL).
    known = {parent for parent in known if parent.isprintable()}
    if known:
        rows = part.resource.rows()
        if len(known) <= 1000:
            rows = rows.filter(code__in=known)
        levels = dict(rows.values_list("code", "level").iterator(chunk_size=5000))
        levels = {code: level for code, level in levels.items() if code in known}
    for start in parents:
        path, code = [], start
        while code is not None and code in parents and code not in levels:
            levels[code] = -1  # being walked; a cycle ends here
            path.append(code)
            code = parents[code]
        level = -1 if code is None else levels.get(code, -1)
        for member in reversed(path):
            level += 1
            levels[member] = level
    deep = [
        index
        for code, index in part.codes.items()
        if levels.get(code, 0) >= limit and (code in fresh or index in moved)
    ]
    for index in deep:
        part.refuse(
            Refused(
                "too_deep",
                _("This record would stand on level %(level)s; %(limit)s levels are allowed.")
                % {"level": levels[part.rows[index][part.place["code"]]] + 1, "limit": limit},
                _(
                    "Check the superiors above it. If they are right, ask the administrator "
                    "for more levels (IMPORT_MAX_LEVELS)."
                ),
            ),
            index,
            "parent",
            part.cell(index, "parent"),
        )
