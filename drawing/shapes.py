"""What a drawing consists of: boxes with words in them and lines between the boxes.

All measures are in the user units of the SVG, which are CSS pixels at its natural size. Nothing
here knows what is drawn; ``templates/drawing/_drawing.svg`` turns it into SVG.
"""

from dataclasses import dataclass, field

from django.utils.html import format_html

from drawing.text import wrapped

SIZE = 13
SMALL = 11
LINE = 17
PADDING = 10
MARGIN = 8
SHRINKING = 1500
# The inside and the outline of a box of each kind, in the colours of static/css/site.css.
PAINT = {
    "": ("#ffffff", "#9fb0b4"),
    "top": ("#062a31", "#062a31"),
    "event": ("#dcecec", "#dcecec"),
}
DASHED = ("possible", "again", "rest")


@dataclass
class Text:
    """One line of words; ``x`` and ``y`` are where its baseline begins, inside of its box."""

    words: str
    x: float
    y: float
    size: int = SIZE


@dataclass
class Box:
    """A box with a name that leads somewhere, and below it what else there is to say.

    ``kind``: a word that becomes the CSS class ``is-<kind>``, or "". ``language``: of the name,
    where it is not the page's. ``note``: a remark in small letters under the name. ``more``: the
    words of a second link, to ``more_address``.
    """

    name: str
    address: str = ""
    kind: str = ""
    language: str = ""
    note: str = ""
    more: str = ""
    more_address: str = ""
    width: float = 196
    x: float = 0
    y: float = 0
    height: float = field(init=False)
    name_lines: list = field(init=False)
    note_lines: list = field(init=False)
    more_lines: list = field(init=False)

    def __post_init__(self):
        """Breaks the words into lines and so finds the height."""
        room = self.width - 2 * PADDING
        baseline = PADDING + SIZE - 1
        lines = []
        for words, size in ((self.name, SIZE), (self.note, SMALL), (self.more, SMALL)):
            texts = []
            broken = wrapped(words, room, size, bold=self.is_bold and size == SIZE) if words else []
            for line in broken:
                texts.append(Text(line, PADDING, baseline, size))
                baseline += LINE if size == SIZE else LINE - 2
            lines.append(texts)
        self.name_lines, self.note_lines, self.more_lines = lines
        self.height = baseline - SIZE + PADDING

    @property
    def middle(self):
        return self.x + self.width / 2

    @property
    def bottom(self):
        return self.y + self.height

    @property
    def right(self):
        return self.x + self.width

    @property
    def is_bold(self):
        return self.kind == "top"

    @property
    def ink(self):
        return "#ffffff" if self.kind == "top" else "#11222a"

    @property
    def paint(self):
        """Fill and outline as attributes, for drawings that stand alone; safe HTML."""
        fill, line = PAINT.get(self.kind, PAINT[""])
        if self.kind in DASHED:
            return format_html('fill="{}" stroke="{}" stroke-dasharray="5 4"', fill, line)
        return format_html('fill="{}" stroke="{}"', fill, line)

    @property
    def css_class(self):
        return f"box is-{self.kind}" if self.kind else "box"


@dataclass
class Drawing:
    """Boxes in reading order and lines, each a list of points ``(x, y)``.

    ``heading``: a Box whose words stand above the drawing in a file of its own, or None.
    """

    boxes: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    width: float = 0
    height: float = 0
    heading: Box | None = None

    def line(self, *points):
        self.lines.append(points)

    def head_with(self, name, note):
        """Puts a heading over the drawing: a name and, in small letters, a remark."""
        self.heading = Box(name, note=note, width=max(self.width, 320))
        self.heading.y = -self.heading.height - PADDING
        return self

    @property
    def paths(self):
        """The lines as the ``d`` of one path each."""
        return ["M" + " L".join(f"{x:g},{y:g}" for x, y in points) for points in self.lines]

    @property
    def full_width(self):
        width = max(self.width, self.heading.width) if self.heading else self.width
        return round(width + 2 * MARGIN)

    @property
    def full_height(self):
        return round(self.height + 2 * MARGIN - (self.heading.y if self.heading else 0))

    @property
    def can_shrink(self):
        """Whether its words can still be read when it is made as narrow as a big screen is."""
        return self.full_width <= SHRINKING

    @property
    def view_box(self):
        top = (self.heading.y if self.heading else 0) - MARGIN
        return f"{-MARGIN} {top:g} {self.full_width} {self.full_height}"
