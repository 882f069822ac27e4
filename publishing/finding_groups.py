"""Findings as every output shows them: those that say the same of several records as one, with a
list of these. Counted and accepted is each finding."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext, ngettext

from publishing.findings import Finding, Place, in_words

# So many groups are listed where somebody takes a second look at them; all findings are counted.
LISTED = 100
# So many records of a group are listed; all are counted.
IN_A_GROUP = 10


@dataclass
class Group:
    """``count`` findings of one rule that are shown as one, or a single finding. ``findings``: the
    first of them."""

    findings: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.findings) < IN_A_GROUP:
            self.findings.append(finding)

    @property
    def is_refused(self) -> bool:
        return self.findings[0].is_refused

    @property
    def severity(self):
        return self.findings[0].severity

    @property
    def code(self) -> str:
        return self.findings[0].code

    @property
    def place(self) -> Place:
        """Where to look first: what the findings have in common, or the place of the only one."""
        first = self.findings[0]
        return first.place if self.count == 1 else first.together.about

    @property
    def message(self) -> str:
        first = self.findings[0]
        if self.count == 1:
            return first.message
        return in_words(first.together.template, {**first.values, "count": self.count})

    @property
    def advice(self) -> str:
        first = self.findings[0]
        return first.advice if self.count == 1 else gettext(first.together.todo)

    @property
    def sentence(self) -> str:
        return f"{self.message} {self.advice}".strip()

    @property
    def listed(self) -> list[tuple[Place, str]]:
        """(place, name) of the first records; none for a single finding, which names its own."""
        if self.count == 1:
            return []
        return [(finding.place, finding.together.name) for finding in self.findings]

    @property
    def more(self) -> int:
        """How many records are not listed."""
        return self.count - len(self.findings)


def groups_of(found: Iterable[Finding]) -> Iterator[Group]:
    """Yield each finding in its Group: what stands alone at once, the rest at the end. So of all
    findings of a database only few are held at the same time."""
    groups = {}
    for finding in found:
        if finding.together is None:
            yield Group([finding], 1)
        else:
            key = finding.code, finding.together.about, finding.together.template
            groups.setdefault(key, Group()).add(finding)
    yield from groups.values()


def grouped(found: Iterable[Finding]) -> list[Group]:
    """All Groups, the largest first."""
    return sorted(groups_of(found), key=lambda group: -group.count)


def count_of(groups: Iterable[Group]) -> int:
    """How many findings are in the groups."""
    return sum(group.count for group in groups)


def more_findings(count: int) -> str:
    """A line for what is not listed."""
    words = ngettext("… and %(count)s more finding.", "… and %(count)s more findings.", count)
    return words % {"count": count}
