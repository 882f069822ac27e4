"""manage.py in processes of its own, which may be killed. The fixture ``site`` is their site."""

import subprocess
import sys

from django.conf import settings


def manage(env, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def ask(env, code):
    done = manage(env, "shell", "--verbosity", "0", "--command", code)
    return done.communicate(timeout=60)[0].strip().splitlines()[-1]
