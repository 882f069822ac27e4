"""What the preview of a plan shows of one record: the change and its cells."""

from collections.abc import Sequence

from exchange.planning.changes import Cell, Change


class ChangeList(Sequence):
    """The changes of a plan, made when they are looked at: slices for pages, len() for counts."""

    def __init__(self, items):
        self._items = items  # (part, action, item)

    def __len__(self):
        return len(self._items)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return [change(*item) for item in self._items[key]]
        return change(*self._items[key])


def change(part, action, item):
    """The Change of ``item``, an element of one of the lists of a KindPlan."""
    if action == "create":
        texts = part.new_texts(item)
        return Change(
            action=action,
            kind=part.kind,
            code=texts[part.position["code"]],
            title=part.title(texts),
            row=None if part.implied else part.table.number(item),
            cells=[_cell(part, i, "", texts[i], item) for i, t in enumerate(texts) if t],
        )
    if action == "delete":
        texts = item[1]
        return Change(
            action=action,
            kind=part.kind,
            code=texts[part.position["code"]],
            title=part.title(texts),
            row=None,
            cells=[_cell(part, i, text, "", None) for i, text in enumerate(texts) if text],
        )
    change = Change(
        action=item.action,
        kind=part.kind,
        code=item.old[part.position["code"]],
        title=part.title(item.new),
        row=None if item.index is None else part.table.number(item.index),
        cells=[_cell(part, i, item.old[i], item.new[i], item.index) for i in item.changed],
    )
    if item.action == "move":
        parent = part.position["parent"]
        change.old_parent, change.new_parent = item.old[parent], item.new[parent]
    return change


def _cell(part, i, old, new, index):
    column = part.all_columns[i]
    typed = part.typed.get((index, column.name)) if index is not None else None
    meaning = part.meant.get((index, column.name)) if part.meant else None
    return Cell(
        column=column.name,
        label=column.label(),
        old=old,
        new=new,
        typed=typed,
        shown=column.show(new),
        meant=meaning.words if meaning else "",
    )
