"""What a new record gets that its row does not say."""

from functools import cached_property
from itertools import repeat

from exchange.planning.changes import KEEP
from publishing.free_addresses import free_addresses
from publishing.text import slugify_all


class FilledIn:
    """Part of KindPlan."""

    def new_text(self, index, name):
        """The canonical text that a new record of row ``index`` gets in a column."""
        made = self.generated.get(name)
        if made is not None and index in made:
            return made[index]
        position = self.place.get(name)
        if position is not None and (text := self.rows[index][position]) is not KEEP:
            return text
        return self.defaults[self.position[name]]

    def new_texts_of(self, name):
        """``new_text`` of every new record, in the order of ``creates``: an iterable.

        For a column at a time; where a file has 100,000 rows, the calls alone would count.
        """
        made, place = self.generated.get(name), self.place.get(name)
        rows, default = self.rows, self.defaults[self.position[name]]
        if place is None:
            texts = repeat(default, len(self.creates))
        else:
            texts = [
                default if (text := rows[index][place]) is KEEP else text for index in self.creates
            ]
        if made:
            return map(made.get, self.creates, texts)
        return texts

    @cached_property
    def defaults(self):
        """Canonical texts of a new record without any cell."""
        texts = [column.default for column in self.all_columns]
        if "status" in self.position:
            texts[self.position["status"]] = str(self.plan.status_for(self))
        return texts

    def new_texts(self, index):
        """Canonical texts of all columns of the new record of a row."""
        texts = list(self.defaults)
        row = self.rows[index]
        for name, position in self.place.items():
            if (text := row[position]) is not KEEP:
                texts[self.position[name]] = text
        for name, made in self.generated.items():
            if index in made:
                texts[self.position[name]] = made[index]
        return texts

    def rewrite(self, names, rule):
        """Give new and changed records what ``rule`` says: it is handed the canonical texts of the
        columns ``names`` and gives ``{name: other text}``."""
        new = zip(*map(self.new_texts_of, names), strict=True)
        for index, texts in zip(list(self.creates), list(new), strict=True):
            for name, text in rule(*texts).items():
                place = self.place.get(name)
                if place is None:
                    self.generated.setdefault(name, {})[index] = text
                else:
                    self.rows[index][place] = text
        for update in self.updates:
            texts = [update.new[self.position[name]] for name in names]
            for name, text in rule(*texts).items():
                update.new[self.position[name]] = text
                changed = {*update.changed, self.position[name]}
                update.changed = tuple(i for i in sorted(changed) if update.new[i] != update.old[i])

    def _generate(self):
        """What a new record needs and its row does not say: addresses, kinds."""
        for column in self.all_columns:
            if hasattr(column, "fill"):
                column.fill(self)
        if "slug" not in self.position:
            return
        made = self.generated.setdefault("slug", {})
        needy = [index for index in self.creates if not self.cell(index, "slug")]
        if not needy:
            return
        names = [name for name in self.resource._meta.model.title_fields() if name in self.place]
        rows = [self.rows[index] for index in needy]
        stems = [""] * len(needy)
        for name in [*names, "code"]:  # a column at a time, as long as some have nothing
            place = self.place[name]
            if empty := [i for i, stem in enumerate(stems) if not stem]:
                found = slugify_all([rows[i][place] or "" for i in empty])
                for i, stem in zip(empty, found, strict=True):
                    stems[i] = stem
        model = self.resource._meta.model
        stems = [stem or model._meta.model_name for stem in stems]
        taken = {text for _index, text in self._touched("slug")}
        made.update(zip(needy, free_addresses(model, stems, taken), strict=True))
