"""What an import may not do to a tree: cycles of superiors, chains that are too deep."""

from functools import cached_property

from django.utils.translation import gettext as _

from exchange.problems import Refused

# The superiors of so many records are looked up one level after the other.
_FEW = 500


class TreeRules:
    """Part of KindPlan."""

    def _tree(self):
        """No cycle of superiors, and no chain deeper than allowed."""
        if "parent" not in self.place:
            return
        parent_at = self.position["parent"]
        place, key = self.place["parent"], self.place["code"]
        moved, superiors = {}, {}
        code_at = self.position["code"]
        for update in self.updates:
            if update.action == "move":
                moved[update.new[code_at]] = update.index
                superiors[update.new[code_at]] = update.new[parent_at] or None
        fresh = {}
        for index, seen in enumerate(self._seen if 0 in self._seen else ()):
            if not seen and (code := self.rows[index][key]):
                fresh.setdefault(code, index)
                superiors.setdefault(code, self.rows[index][place] or None)
        # Where nothing moves, what is there stays on its level and no cycle can lead through it.
        parents = (self._chains(superiors.values()) | superiors) if moved else superiors
        if not fresh and not moved:
            return
        self._cycles(parents, moved, fresh)
        self._levels(parents, fresh)

    def _chains(self, codes):
        """{code: its superior's} of records and of all above them, as the database has them."""
        parents, wanted = {}, set(codes)
        rows = self.resource.rows().values_list("code", "parent__code")
        if len(wanted) > _FEW:
            return dict(rows.iterator(chunk_size=5000))
        # What cannot be a code was refused already and must not reach the database (NUL).
        wanted = {code for code in wanted if code and code.isprintable()}
        while wanted:
            found = dict(rows.filter(code__in=wanted))
            parents |= found
            wanted = {code for code in found.values() if code} - parents.keys()
        return parents

    def _cycles(self, parents, moved, fresh):
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
                    self.in_cycles.add(index)
                    self.refuse(
                        Refused(
                            "cycle",
                            sentence,
                            _("Check their superiors and correct the wrong one."),
                        ),
                        index,
                        "parent",
                        parents[member],
                    )

    def _levels(self, parents, fresh):
        limit = self.plan.limits.levels
        levels = {}
        known = {parent for parent in parents.values() if parent and parent not in parents}
        # What cannot be a code was refused already and must not reach the database (NUL).
        known = {parent for parent in known if parent.isprintable()}
        if known:
            rows = self.resource.rows()
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
            for code, index in self.codes.items()
            if levels.get(code, 0) >= limit and (code in fresh or self._is_moved(index))
        ]
        for index in deep:
            self.refuse(
                Refused(
                    "too_deep",
                    _("This record would stand on level %(level)s; %(limit)s levels are allowed.")
                    % {"level": levels[self.rows[index][self.place["code"]]] + 1, "limit": limit},
                    _(
                        "Check the superiors above it. If they are right, ask the administrator "
                        "for more levels (IMPORT_MAX_LEVELS)."
                    ),
                ),
                index,
                "parent",
                self.cell(index, "parent"),
            )

    def _is_moved(self, index):
        return index in self._moved_indexes

    @cached_property
    def _moved_indexes(self):
        return {update.index for update in self.updates if update.action == "move"}
