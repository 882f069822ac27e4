"""Makes .venv and puts the pinned packages into it. Needs nothing but Python itself.

Called by the Makefile: ``python scripts/bootstrap.py [run|test|dev] [--host HOST --port PORT]``.
Everything that would fail later is asked first: the version of Python, a free port. The first
lines must be readable by any Python 3, so that an old one gets a sentence and no SyntaxError.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - says so to those who have an older one
    sys.exit(
        "The site needs Python 3.11 or newer; this one is older:\n"
        + sys.version
        + "\nInstall it (Debian, Ubuntu: apt install python3.11 python3.11-venv), or name another"
        + "\none: make run PYTHON=/path/to/python3.11"
    )

import argparse
import hashlib
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {
    "run": ROOT / "requirements.txt",
    "test": ROOT / "requirements" / "test.txt",
    "dev": ROOT / "requirements" / "dev.txt",
}

sys.path.insert(0, str(ROOT))
from mia_site import ports  # noqa: E402 - has to come after the check of the version


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", nargs="?", choices=REQUIREMENTS, default="run")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port")
    options = parser.parse_args()
    if options.port is not None and (problem := ports.problem(options.host, options.port)):
        sys.exit(problem)
    make_environment()
    install(REQUIREMENTS[options.purpose])


def make_environment():
    """``.venv`` with a Python that runs; a copied or half-made one is made again."""
    if PYTHON.exists() and _works(PYTHON, "import sys, pip; assert sys.version_info >= (3, 11)"):
        return
    print("  Python          making the environment .venv", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if made.returncode:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"{_last_lines(made.stdout + made.stderr)}\n"
            "The environment .venv could not be made. On Debian and Ubuntu install "
            f"python{version}-venv (apt install python{version}-venv), then try again."
        )


def install(requirements):
    """The packages of a pinned list, if they are not there already."""
    stamp = VENV / f".installed-{requirements.stem}"
    wanted = hashlib.sha256(requirements.read_bytes() + str(VENV).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    count = len(re.findall(r"^[A-Za-z0-9].*==", requirements.read_text(), re.MULTILINE))
    print(f"  Packages        installing {count} (only now, about a minute)", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    # Hashes: exactly the files that were tested. Wheels only: nothing is built or run.
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(requirements)]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    fetched = 0
    for line in pip.stdout:
        said.append(line)
        if line.startswith("Collecting ") and sys.stdout.isatty():
            fetched += 1
            name = line.split()[1].split("==")[0]
            print(f"\r  Packages        {fetched} of {count}: {name:<40}", end="", flush=True)
    if fetched:
        print(f"\r{'':<70}\r", end="")
    if pip.wait():
        sys.exit(f"{_last_lines(''.join(said))}\n\n{_advice(''.join(said))}")
    stamp.write_text(wanted)


def _advice(said):
    if "DO NOT MATCH THE HASHES" in said:
        return (
            "A downloaded package is not the one that was tested, so nothing was installed. Try\n"
            "again; if it stays, somebody between you and the package index changes files."
        )
    if re.search(r"connection|resolve|timed out|proxy|SSL|unreachable|retrying", said, re.I):
        return (
            "The packages could not be fetched: there is no way to the package index. Check the\n"
            "network; behind a proxy set HTTPS_PROXY, with a mirror set PIP_INDEX_URL. Then try "
            "again.\nThe packages are needed only once; afterwards the site runs without a network."
        )
    return (
        "The packages could not be installed; the lines above are pip's. They exist ready-made\n"
        "for Python 3.11 on Linux (x86-64, ARM) and macOS: make run PYTHON=python3.11"
    )


def _last_lines(text, count=8):
    return "\n".join(text.strip().splitlines()[-count:])


def _works(python, statement):
    try:
        return not subprocess.run([str(python), "-c", statement], capture_output=True).returncode
    except OSError:
        return False


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from here.")
