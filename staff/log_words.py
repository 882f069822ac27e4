"""What the history of a record says was changed, in the reader's language.

Django's log keeps the labels of changed fields in English, as the form wrote them ("Short name
(English)"), and translates only what is a message word by word. Our labels are made of a field's
name, which begins with a small letter in the catalogue, and of a language.
"""

import json

from django.utils.translation import gettext


def in_words(change_message):
    """The stored ``change_message`` of a LogEntry with its fields in the active language.

    Plain sentences, which are stored in the language of the one who acted, stay as they are.
    """
    try:
        acts = json.loads(change_message)
    except ValueError:
        return change_message
    if not isinstance(acts, list) or not all(isinstance(act, dict) for act in acts):
        return change_message
    for act in acts:
        for details in act.values():
            if "fields" in details:
                details["fields"] = [field_in_words(label) for label in details["fields"]]
    return json.dumps(acts)


def field_in_words(label):
    """The label of a form field, as Django's log keeps it, in the active language."""
    name, bracket, language = label.partition(" (")
    for written in (name[:1].lower() + name[1:], name):
        if written and (translated := gettext(written)) != written:
            return f"{translated}{bracket}{language}"
    return label
