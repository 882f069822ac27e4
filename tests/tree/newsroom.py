"""Several editors at once, each a process with its own connection, on one database."""

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Outcome:
    """What the editors report, and what check_tree says afterwards."""

    done: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    failed: Counter = field(default_factory=Counter)
    seconds: float = 0.0
    sound: bool = True
    problems: str = ""

    @property
    def operations(self):
        return self.done.total() + self.refused.total() + self.failed.total()

    @property
    def red(self):
        return bool(self.failed) or not self.sound


@contextmanager
def database_for_processes(connection, folder):
    """An address of the run's test database that other processes can open.

    SQLite keeps it in memory: they get a copy in a file.
    """
    if connection.vendor == "sqlite":
        import sqlite3

        path = folder / "shared.sqlite3"
        connection.ensure_connection()
        copy = sqlite3.connect(path)
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
        copy.close()
        yield f"sqlite:///{path}"
        return
    told = connection.settings_dict
    login = quote(told["USER"] or "") + (f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else "")
    host = f"{told['HOST'] or 'localhost'}:{told['PORT'] or 5432}"
    yield f"postgres://{login}@{host}/{quote(told['NAME'])}"


def let_edit(database_url, *, editors=8, operations=40, without_lock=False, first_seed=1):
    """Run the editors to their end and return the Outcome."""
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "SITE_MODE": "embedded",
        "TREE_LOCK_TIMEOUT": "25",  # not the speed of a busy machine is on trial
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.tree.editor", f"--seed={seed}",
             f"--operations={operations}", *(["--without-lock"] if without_lock else [])],
            cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for seed in range(first_seed, first_seed + editors)
    ]  # fmt: skip
    outcome = Outcome()
    try:
        for process in processes:
            if process.stdout.readline() != "ready\n":
                raise RuntimeError(process.stderr.read())
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            out, err = process.communicate(timeout=300)
            if process.returncode:
                raise RuntimeError(err)
            report = json.loads(out)
            outcome.done.update(report["done"])
            outcome.refused.update(report["refused"])
            outcome.failed.update(report["failed"])
            outcome.seconds = max(outcome.seconds, report["seconds"])
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.communicate()
    checked = subprocess.run(
        [sys.executable, "manage.py", "check_tree"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if checked.returncode not in (0, 1):
        raise RuntimeError(checked.stderr)
    outcome.sound = checked.returncode == 0
    outcome.problems = checked.stdout
    return outcome
