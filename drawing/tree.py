"""A tree drawn tidily: superiors above, what stands under them below, as charts of ministries are.

Units without anything below them stand in columns hung on a rail; branches stand side by side and
begin a new row where the row would be too wide. The order of siblings is kept, and the work is
linear in the number of boxes. Of a few widths and heights of columns those are taken that
fit a landscape sheet best.
"""

from dataclasses import dataclass, field

from drawing.shapes import Box, Drawing

ACROSS = 22  # between two branches of a row
DOWN = 12  # between two boxes of a column
DROP = 26  # from a superior to what hangs under it
INDENT = 18  # from the rail to the boxes of its column
RAIL = 14  # from the left edge of a superior to the rail under it
WIDTHS = (700, 900, 1100, 1350, 1650, 2200)
LANDSCAPE = 1.45


@dataclass
class Node:
    """A box with the nodes below it."""

    box: Box
    below: list = field(default_factory=list)


@dataclass
class _Block:
    """A laid-out piece: where its boxes stand, measured from its own corner.

    ``anchor``: at which x a line from above arrives. ``boxes``: ``(box, x, y)``; ``lines``: lists
    of points; ``parts``: ``(block, x, y)``.
    """

    width: float
    height: float
    anchor: float
    boxes: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    parts: list = field(default_factory=list)


@dataclass(frozen=True)
class _Limits:
    """One way to try: rows up to ``widest``, columns of up to ``tallest`` boxes, and everything
    below the superiors of the level ``hanging`` in one indented column each."""

    widest: float
    tallest: int
    hanging: int


def drawn(nodes):
    """The Drawing of these nodes (of one top, or of several side by side)."""
    number = sum(_size(node) for node in nodes)
    square = min(max(round(number**0.5), 4), 12)
    shapes = ((square, 99), (square + 3, 99), (square, 1), (square, 2))
    tried = [_Limits(widest, *shape) for widest in WIDTHS for shape in shapes]
    best = max((_all(nodes, limits) for limits in tried), key=_fit)
    drawing = Drawing(width=best.width, height=best.height)
    _place(best, 0, 0, drawing)
    drawing.boxes = [node.box for top in nodes for node in _in_order(top)]
    return drawing


def _fit(block):
    """How large the block can be shown on a landscape sheet."""
    return min(LANDSCAPE / block.width, 1 / block.height)


def _size(node):
    return sum(1 for _node in _in_order(node))


def _in_order(top):
    """The node and all below it, superiors first, siblings in their order."""
    waiting = [top]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.below))


def _all(nodes, limits):
    if len(nodes) == 1:
        return _branch(nodes[0], limits, 0)
    rows = _rows(_parts(nodes, limits, 0), limits.widest)
    return _stack(rows, 0)[0]


def _branch(node, limits, level):
    """A box and everything under it."""
    box = node.box
    if not node.below:
        return _Block(box.width, box.height, box.width / 2, boxes=[(box, 0, 0)])
    flat = not any(child.below for child in node.below)
    if level >= limits.hanging or (flat and len(node.below) <= limits.tallest):
        return _hanging(node)
    rows = _rows(_parts(node.below, limits, level + 1), limits.widest)
    block, buses = _stack(rows, box.height + DROP, rail=len(rows) > 1)
    first = [x + part.anchor for part, x, _y in block.parts[: len(rows[0])]]
    centre = block.width / 2 if len(rows) > 1 else (first[0] + first[-1]) / 2
    left = min(max(centre - box.width / 2, 0), max(block.width - box.width, 0))
    block.width = max(block.width, box.width)
    block.anchor = left + box.width / 2
    block.boxes = [(box, left, 0)]
    block.lines.append([(block.anchor, box.height), (block.anchor, buses[0][0])])
    for number, (height, anchors) in enumerate(buses):
        ends = [*anchors, *([0] if len(buses) > 1 else []), *([block.anchor] if not number else [])]
        block.lines.append([(min(ends), height), (max(ends), height)])
    if len(buses) > 1:
        block.lines.append([(0, buses[0][0]), (0, buses[-1][0])])
    return block


def _hanging(node):
    """A box and, on a rail under its left edge, everything below it in one indented column."""
    box = node.box
    block = _Block(box.width, box.height, box.width / 2, boxes=[(box, 0, 0)])
    joint = box.height
    for child in node.below:
        part, top = _hanging(child), block.height + DOWN
        joint = top + child.box.height / 2
        block.parts.append((part, RAIL + INDENT, top))
        block.lines.append([(RAIL, joint), (RAIL + INDENT, joint)])
        block.width = max(block.width, RAIL + INDENT + part.width)
        block.height = top + part.height
    if node.below:
        block.lines.append([(RAIL, box.height), (RAIL, joint)])
    return block


def _column(boxes):
    """Boxes under one another, each with a stroke to the rail at the left."""
    block, y = _Block(0, 0, 0), 0
    for box in boxes:
        block.boxes.append((box, INDENT, y))
        joint = y + box.height / 2
        block.lines.append([(0, joint), (INDENT, joint)])
        block.width = max(block.width, INDENT + box.width)
        y += box.height + DOWN
    block.height = y - DOWN
    block.lines.append([(0, 0), (0, joint)])
    return block


def _parts(nodes, limits, level):
    """Siblings as blocks in their order; a run of those without anything below as columns."""
    parts, run = [], []

    def close():
        if len(run) == 1:
            parts.append(_branch(Node(run[0]), limits, level))
        elif run:
            columns = -(-len(run) // limits.tallest)
            length = -(-len(run) // columns)
            parts.extend(_column(run[at : at + length]) for at in range(0, len(run), length))
        run.clear()

    for node in nodes:
        if node.below:
            close()
            parts.append(_branch(node, limits, level))
        else:
            run.append(node.box)
    close()
    return parts


def _rows(parts, widest):
    """The parts row by row, as many in each as ``widest`` has room for."""
    rows, used = [], 0
    for part in parts:
        if not rows or used + part.width > widest:
            rows.append([])
            used = 0
        rows[-1].append(part)
        used += part.width + ACROSS
    return rows


def _stack(rows, top, *, rail=False):
    """Rows under one another: the block, and for each row the height of its line and its anchors.

    ``rail``: room at the left for a line that leads to the rows below the first.
    """
    left = INDENT if rail else 0
    block, buses, y = _Block(0, 0, 0), [], top
    for row in rows:
        x, anchors = left, []
        for part in row:
            block.parts.append((part, x, y))
            anchors.append(x + part.anchor)
            if top:
                bus = y - DROP / 2
                block.lines.append([(x + part.anchor, bus), (x + part.anchor, y)])
            x += part.width + ACROSS
        buses.append((y - DROP / 2, anchors))
        block.width = max(block.width, x - ACROSS)
        y += max(part.height for part in row) + DROP + DOWN
    block.height = y - DROP - DOWN
    return block, buses


def _place(block, x, y, drawing):
    """Gives the boxes and lines of the block, and of its parts, their places in the drawing."""
    for box, left, top in block.boxes:
        box.x, box.y = round(x + left, 1), round(y + top, 1)
    for points in block.lines:
        drawing.line(*((round(x + a, 1), round(y + b, 1)) for a, b in points))
    for part, left, top in block.parts:
        _place(part, x + left, y + top, drawing)
