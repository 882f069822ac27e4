"""Shows what the lock of the tree is for: ``python -m tests.tree.show_red``.

Runs the eight editors five times with the lock and five times without it, each time on a new
database beside the one that DATABASE_URL names (SQLite: in a temporary folder), and prints what
failed and whether the tree was sound afterwards.
"""

import os
import tempfile
from pathlib import Path

import django


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")
    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    from tests.factories import make_unit
    from tests.tree.newsroom import database_for_processes, let_edit

    setup_test_environment()
    usual_name = connection.settings_dict["NAME"]
    for without_lock in (False, True):
        for number in range(1, 6):
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            try:
                tops = [make_unit(code=f"top-{n}") for n in range(3)]
                for n in range(27):
                    make_unit(code=f"below-{n}", parent=tops[n % 3], order=n // 3)
                with (
                    tempfile.TemporaryDirectory() as folder,
                    database_for_processes(connection, Path(folder)) as url,
                ):
                    outcome = let_edit(url, without_lock=without_lock, first_seed=100 * number)
            finally:
                connection.creation.destroy_test_db(usual_name, verbosity=0)
            problems = outcome.problems.splitlines()
            print(
                f"{connection.vendor}, {'no lock' if without_lock else 'lock'}, run {number}: "
                f"{outcome.operations} operations in {outcome.seconds:.1f} s, "
                f"{outcome.failed.total()} failed, "
                f"tree {'sound' if outcome.sound else f'BROKEN ({len(problems)} problems)'}",
                flush=True,
            )
            for sentence in [*outcome.failed][:2] + ([] if outcome.sound else problems[:2]):
                print("   ", sentence, flush=True)


if __name__ == "__main__":
    main()
