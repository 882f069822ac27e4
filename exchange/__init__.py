"""Bulk data in and out: file gate, resources, plans, formats, commands, round trip.

It knows no content: every app declares its kinds of records (``publishing.record_kinds``).
The way of a file:

    table = exchange.read("units.csv", "units", language="az")
    plan = exchange.plan(table, user=request.user)       # writes nothing
    if not plan.problems:
        exchange.apply(plan, request.user)               # everything or nothing

and back: ``exchange.export("units", stream, "xlsx")``. See docs/file-formats.md.
"""

_PLACES = {
    "read": "exchange.reading",
    "plan": "exchange.planning.plan",
    "Plan": "exchange.planning.plan",
    "Options": "exchange.planning.changes",
    "apply": "exchange.writing.apply",
    "apply_shown": "exchange.writing.apply",
    "run": "exchange.writing.apply",
    "export": "exchange.sending.export",
    "export_to": "exchange.sending.export",
    "example": "exchange.sending.export",
    "describe": "exchange.sending.documentation",
    "kinds": "exchange.registry",
    "resource_for": "exchange.registry",
    "Limits": "exchange.limits",
    "Problem": "exchange.problems",
    "NotApplied": "exchange.writing.locking",
    "StalePlan": "exchange.writing.locking",
    "Busy": "exchange.writing.locking",
    "may_import": "exchange.permissions",
    "may_export": "exchange.permissions",
    "may_close_missing": "exchange.permissions",
    "write_problem_copy": "exchange.sending.problem_copy",
}

__all__ = list(_PLACES)


def __getattr__(name):
    # Late, since Django imports this package before its models are ready.
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(name)
