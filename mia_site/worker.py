"""Keeps a worker running beside the server of ``manage.py serve``, and ends it with the server.

Started by ``serve`` just before it becomes the server (``exec``), so the server is this process's
parent. Imports nothing of the site: it has to stay small and to outlive every failure of a worker.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
WORK = [sys.executable, str(MANAGE), "db_worker", "--no-reload", "--verbosity", "0"]
# A worker that fails at once is not started more often than this.
PAUSE = 3  # seconds


def start():
    """Run this module in a process of its own."""
    return subprocess.Popen([sys.executable, str(Path(__file__))])  # noqa: S603 - no shell


def keep(server, command=WORK, pause=PAUSE):
    """Run ``command`` again and again for as long as ``server`` is our parent."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    worker = None
    try:
        while os.getppid() == server:
            if worker is None or worker.poll() is not None:
                if worker is not None:
                    time.sleep(pause)
                worker = subprocess.Popen(command)  # noqa: S603 - no shell
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass  # Ctrl-C reaches all of us
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if worker is not None and worker.poll() is None:
            worker.terminate()  # it ends when its task is done; what it does is safe to cut off
            try:
                worker.wait(10)
            except subprocess.TimeoutExpired:
                worker.kill()


if __name__ == "__main__":
    keep(os.getppid())
