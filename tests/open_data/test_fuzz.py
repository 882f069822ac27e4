"""The API holds what its own description promises, whatever it is asked (schemathesis)."""

import json
from contextlib import contextmanager

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from mia_site.wsgi import application
from open_data.kinds import KINDS
from publishing.text import invisible_character

EXAMPLES = 3
# Texts that no pattern describes: "June 2004" is a date and "June" is none.
FREE = ("on", "cursor", "updated_since")


def is_excused(case, problem):
    """Whether a refusal of what the description allows is for a text that it cannot describe."""
    texts = [str(value) for value in (case.query or {}).values()]
    hidden = any(invisible_character(text) for text in texts)
    return problem.get("parameter") in FREE or hidden


@contextmanager
def kept_connection():
    """A request outside of Django's test client would close the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def test_whatever_it_is_asked_it_answers_as_described(client, ministry):
    description = json.loads(client.get("/api/v1/openapi.json").content)
    schema = schemathesis.openapi.from_dict(description)
    schema.app = application
    asked = 0
    for offered in schema.get_all_operations():
        operation = offered.ok()
        modes = [GenerationMode.POSITIVE]
        if operation.definition.raw.get("parameters"):
            modes.append(GenerationMode.NEGATIVE)
        for mode in modes:
            with kept_connection():  # here: the test client connects the signals again
                asked += ask_around(operation, mode)
    assert asked > 4 * len(KINDS)


def ask_around(operation, mode):
    """How many questions of a mode (right ones, wrong ones) an operation was asked."""
    asked = []

    @examples(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        asked.append(case)
        response = case.call_and_validate(
            base_url="http://127.0.0.1",
            # It would ask for gzip, and not unpack what it gets through WSGI.
            headers={"Accept-Encoding": "identity"},
            excluded_checks=[positive_data_acceptance],
        )
        if mode is GenerationMode.POSITIVE and response.status_code == 400:
            assert is_excused(case, response.json())

    ask()
    return len(asked)
