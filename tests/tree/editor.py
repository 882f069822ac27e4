"""One editor at work, as a process of its own: ``python -m tests.tree.editor --seed 1``.

Works on the database that DATABASE_URL names, says ``ready``, waits for a line on standard input
(so that all editors begin together) and ends with a line of JSON that tells what happened.

Every operation reads first and writes a little later, as a person with a form does. A refusal in
words (the unit is gone, the superior stands below it, others refer to it) is a right answer and
counts as such; everything else that is raised counts as a failure.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter

import django


def take_away_the_lock():
    """What the site would be without it: ordinary transactions, begun as readers on SQLite."""
    from django.db import connection

    from units.tree import lock

    lock._take_lock = lambda connection: None
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
        connection.close()


class Editor:
    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)
        self.done = Counter()
        self.refused = Counter()
        self.failed = Counter()
        self.made = 0

    def work(self, operations):
        from django.core.exceptions import ValidationError
        from django.db.models import ProtectedError

        from units.tree import UnitGone

        ways = [self.add, self.add, self.move, self.move, self.choose_superior, self.rename,
                self.reorder, self.delete]  # fmt: skip
        for _ in range(operations):
            way = self.random.choice(ways)
            try:
                way()
                self.done[way.__name__] += 1
            except (ValidationError, UnitGone, ProtectedError) as refusal:
                self.refused[type(refusal).__name__] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it is to be told
                self.failed[f"{way.__name__}: {type(error).__name__}: {error}"[:200]] += 1

    def any_unit(self):
        from units.models import Unit

        # One statement: between two, somebody may delete the unit.
        return self.random.choice(list(Unit.objects.all()))

    def think(self):
        time.sleep(self.random.random() * 0.01)

    def add(self):
        from units.models import Unit, UnitKind

        superior = self.random.choice([None, *[self.any_unit() for _ in range(5)]])
        kind = UnitKind.objects.first()
        self.think()
        self.made += 1
        code = f"e{self.seed}-{self.made}"
        Unit.objects.create(
            code=code, slug=code, name_az=code, kind=kind, parent=superior,
            order=self.random.randrange(5),
        )  # fmt: skip

    def move(self):
        from units import tree

        unit, target = self.any_unit(), self.any_unit()
        self.think()
        tree.move_to(
            unit, target, self.random.choice(["first-child", "last-child", "left", "right"])
        )

    def choose_superior(self):
        unit, superior = self.any_unit(), self.random.choice([self.any_unit(), None])
        self.think()
        unit.parent = superior
        unit.save()

    def reorder(self):
        unit = self.any_unit()
        self.think()
        unit.order = self.random.randrange(8)
        unit.save()

    def rename(self):
        unit = self.any_unit()
        self.think()
        unit.name_az = f"{unit.code} {self.random.random()}"
        unit.save()

    def delete(self):
        unit = self.any_unit()
        self.think()
        unit.delete()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--operations", type=int, default=40)
    parser.add_argument("--without-lock", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")
    django.setup()
    if options.without_lock:
        take_away_the_lock()
    editor = Editor(options.seed)
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    editor.work(options.operations)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "done": editor.done,
                "refused": editor.refused,
                "failed": editor.failed,
            }
        )
    )


if __name__ == "__main__":
    main()
