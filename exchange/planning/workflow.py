"""What an import does with the rows of one kind, in this order.

Each step is a function of one KindPlan. It fills the plan in or adds problems; it never raises for
what a file holds, so that the editor sees all problems at once, and writes nothing.
"""

from exchange.planning.addresses import check_addresses
from exchange.planning.cells import check_retired_codes, read_cells
from exchange.planning.comparison import compare, index_codes
from exchange.planning.constraints import check_constraints
from exchange.planning.contradictions import find_contradictions
from exchange.planning.missing import check_deletes, find_missing, list_missing
from exchange.planning.model_rules import check_model
from exchange.planning.new_records import fill_in
from exchange.planning.publication import check_publication
from exchange.planning.references import check_references
from exchange.planning.rights import check_rights
from exchange.planning.trees import check_tree


# What the resource of a kind does itself (``ResourceDeclaration``).
def prepare(part):
    part.resource.prepare(part)


def ask_what_changes_mean(part):
    part.resource.ask(part)


def settle(part):
    part.resource.settle(part)


def check_rules_of_the_kind(part):
    part.resource.check(part)


STEPS = (
    prepare,
    index_codes,  # → codes
    compare,  # → exists, differing, unchanged, missing
    read_cells,  # → creates, updates, refused_rows
    check_retired_codes,
    check_references,
    ask_what_changes_mean,  # → meant, and rows of other kinds
    check_tree,
    fill_in,  # → generated
    settle,
    check_model,
    check_constraints,
    check_addresses,
    check_publication,
    find_missing,  # → closes, deletes
    check_rules_of_the_kind,
    check_rights,
)


def run(part):
    """Take a KindPlan through all steps."""
    part.problems.extend(part.table.problems)
    part.notes.extend(part.table.notes)
    if "code" not in part.place or part.table.fatal:
        return
    for step in STEPS:
        step(part)
    part.table.sort_problems(part.problems)


def finish(plan):
    """What is asked of a Plan once the steps of all its kinds are done."""
    for part in plan.parts:
        check_deletes(part)
        if part.origins:
            check_rights(part)
    if any(part.problems for part in plan.parts):
        return
    for part in plan.parts:
        list_missing(part)
    if not plan.book.problems and not plan.asked:
        find_contradictions(plan)
