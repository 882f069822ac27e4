"""What a plan says of one record: its title, the change, its cells."""

from functools import cached_property

from exchange.planning.changes import Cell, Change


class ShownChanges:
    """Part of KindPlan."""

    def title(self, texts):
        """The name by which people know a record, from its canonical texts."""
        for name in self._title_names:
            if text := texts[self.position[name]]:
                return text
        return texts[self.position["code"]]

    @cached_property
    def _title_names(self):
        return self.resource.title_columns()

    def change(self, action, item):
        if action == "create":
            texts = self.new_texts(item)
            return Change(
                action=action,
                kind=self.kind,
                code=texts[self.position["code"]],
                title=self.title(texts),
                row=None if self.implied else self.table.number(item),
                cells=[self._shown(i, "", texts[i], item) for i, t in enumerate(texts) if t],
            )
        if action == "delete":
            texts = item[1]
            return Change(
                action=action,
                kind=self.kind,
                code=texts[self.position["code"]],
                title=self.title(texts),
                row=None,
                cells=[self._shown(i, text, "", None) for i, text in enumerate(texts) if text],
            )
        change = Change(
            action=item.action,
            kind=self.kind,
            code=item.old[self.position["code"]],
            title=self.title(item.new),
            row=None if item.index is None else self.table.number(item.index),
            cells=[self._shown(i, item.old[i], item.new[i], item.index) for i in item.changed],
        )
        if item.action == "move":
            parent = self.position["parent"]
            change.old_parent, change.new_parent = item.old[parent], item.new[parent]
        return change

    def _shown(self, i, old, new, index):
        column = self.all_columns[i]
        typed = self.typed.get((index, column.name)) if index is not None else None
        meaning = self.meant.get((index, column.name)) if self.meant else None
        return Cell(
            column=column.name,
            label=column.label(),
            old=old,
            new=new,
            typed=typed,
            shown=column.show(new),
            meant=meaning.words if meaning else "",
        )
