"""A graph drawn in columns from left to right: what comes first stands left of what comes of it.

The usual way for such drawings (K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding
of hierarchical system structures", 1981): every node gets a column so that all arcs point to the
right; arcs over several columns get a place in each; the order in the columns is improved by
barycentres; then heights are evened out. Arcs are drawn square, all of one node in one lane.
"""

import itertools
from collections import defaultdict

from drawing.shapes import Drawing

GAP = 46  # between two columns
BETWEEN = 16  # between two boxes of a column
SWEEPS = 4


def drawn(boxes, arcs):
    """The Drawing of ``boxes`` ``{id: Box}`` and ``arcs`` ``[(from id, to id, lane)]``.

    There must be no cycle. Ids and lanes are anything hashable; the arcs of one lane that cross
    the same gap share one upright line. Boxes come out column by column, from above.
    """
    columns, chains = _columns(boxes, arcs)
    _put_in_order(columns, chains)
    heights = {node: box.height for node, box in boxes.items()}
    middles = _even_out(columns, chains, heights)
    lefts, widths, x = [], [], 0
    for column in columns:
        lefts.append(x)
        widths.append(max(boxes[node].width for node in column if node in boxes))
        x += widths[-1] + GAP
    drawing = Drawing(width=x - GAP)
    top = min((middles[n] - heights.get(n, 0) / 2 for c in columns for n in c), default=0)
    for number, column in enumerate(columns):
        for node in column:
            if box := boxes.get(node):
                box.x = round(lefts[number] + (widths[number] - box.width) / 2, 1)
                box.y = round(middles[node] - box.height / 2 - top, 1)
                drawing.height = max(drawing.height, box.bottom)
                drawing.boxes.append(box)
    place = {node: number for number, column in enumerate(columns) for node in column}
    lanes = _lanes(chains, place, middles)
    for lane, chain in chains:
        points = []
        for a, b in itertools.pairwise(chain):
            gap = lefts[place[a]] + widths[place[a]]
            across = gap + GAP * lanes[place[a], lane]
            start = boxes[a].right if a in boxes else gap
            end = boxes[b].x if b in boxes else lefts[place[b]]
            y, z = (round(middles[one] - top, 1) for one in (a, b))
            points += [(start, y), (round(across, 1), y), (round(across, 1), z), (end, z)]
        drawing.line(*points)
        drawing.height = max(drawing.height, *(y for _x, y in points))
    return drawing


def _columns(boxes, arcs):
    """The nodes column by column, and each arc as ``(lane, chain of nodes)``, one node a column."""
    following, waiting = defaultdict(list), dict.fromkeys(boxes, 0)
    for a, b, _lane in arcs:
        following[a].append(b)
        waiting[b] += 1
    sources = {node for node, count in waiting.items() if not count}
    place, ready, order = dict.fromkeys(boxes, 0), [n for n in boxes if n in sources], []
    while ready:
        node = ready.pop()
        order.append(node)
        for other in following[node]:
            place[other] = max(place[other], place[node] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    if len(order) != len(boxes):
        raise ValueError("a cycle cannot be drawn in columns")
    for node in sources:  # as near as can be to what comes of it
        if following[node]:
            place[node] = min(place[other] for other in following[node]) - 1
    columns = [[] for _ in range(max(place.values(), default=-1) + 1)]
    for node in boxes:
        columns[place[node]].append(node)
    chains = []
    for number, (a, b, lane) in enumerate(arcs):
        between = [("way", number, step) for step in range(place[a] + 1, place[b])]
        for step, node in enumerate(between, place[a] + 1):
            columns[step].append(node)
        chains.append((lane, [a, *between, b]))
    return columns, chains


def _neighbours(chains):
    before, after = defaultdict(list), defaultdict(list)
    for _lane, chain in chains:
        for a, b in itertools.pairwise(chain):
            after[a].append(b)
            before[b].append(a)
    return before, after


def _put_in_order(columns, chains):
    """Sorts every column by where its neighbours stand, from the left, then from the right …"""
    before, after = _neighbours(chains)
    for sweep in range(SWEEPS):
        rightwards = sweep % 2 == 0
        neighbours = before if rightwards else after
        walk = columns if rightwards else columns[::-1]
        rank = {}
        for column in walk:
            own = {node: number for number, node in enumerate(column)}
            column.sort(key=lambda node: _mean([rank[n] for n in neighbours[node]], own[node]))
            rank.update({node: number for number, node in enumerate(column)})


def _even_out(columns, chains, heights):
    """The height of the middle of each node: near its neighbours, nothing over anything."""
    middles = {}
    for column in columns:
        y = 0
        for node in column:
            middles[node] = y + heights.get(node, 0) / 2
            y += heights.get(node, 0) + BETWEEN
    before, after = _neighbours(chains)
    for sweep in range(2 * SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = [
                _mean([middles[n] for n in (before if sweep % 2 == 0 else after)[node]], None)
                for node in column
            ]
            _settle(column, wanted, middles, heights)
    return middles


def _settle(column, wanted, middles, heights):
    """Moves the nodes of a column towards what they want, as far as those above leave room."""
    floor, moved = None, []
    for node, want in zip(column, wanted, strict=True):
        half = heights.get(node, 0) / 2
        y = middles[node] if want is None else want
        if floor is not None:
            y = max(y, floor + BETWEEN + half)
        middles[node] = y
        if want is not None:
            moved.append(want - y)
        floor = y + half
    shift = _mean(moved, 0)
    for node in column:
        middles[node] += shift


def _lanes(chains, place, middles):
    """``{(column, lane): 0…1}``: where in the gap right of a column a lane's line stands."""
    using = defaultdict(dict)
    for lane, chain in chains:
        for a, b in itertools.pairwise(chain):
            using[place[a]].setdefault(lane, (middles[a] + middles[b]) / 2)
    return {
        (column, lane): (number + 1) / (len(lanes) + 1)
        for column, lanes in using.items()
        for number, lane in enumerate(sorted(lanes, key=lanes.get))
    }


def _mean(numbers, default):
    return sum(numbers) / len(numbers) if numbers else default
