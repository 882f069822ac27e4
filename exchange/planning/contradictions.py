"""What the records would contradict, were the plan carried out."""

from exchange.problems import Refused
from publishing import findings


def find_contradictions(plan):
    """Judged on what all tables would hold, so only where every row could be read."""
    for finding in findings.of_plan(plan):
        if finding.is_refused:
            _refuse(plan, finding)
        else:
            plan.findings.append(finding)


def _refuse(plan, finding):
    """A problem at the first place of the finding that the file has."""
    refused = Refused(finding.code, finding.message, finding.advice)
    parts = {part.model._meta.label_lower: part for part in plan.parts}
    for place in finding.places:
        part = parts.get(place.model)
        index = part.codes.get(place.code) if part else None
        if index is not None and (not part.implied or part.origins):
            column = place.field if place.field in part.place else None
            value = part.cell(index, column) if column else ""
            part.refuse(refused, index, column, value)
            return
    plan.parts[0].refuse(refused)
