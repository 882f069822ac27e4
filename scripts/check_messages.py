"""Are the compiled translations (.mo) those of the sources (.po)? Needs msgfmt (gettext).

With ``--libraries``: which texts of the libraries have no Azerbaijani, and which of our
translations for them are no longer needed (docs/glossary-az.md).
"""

import gettext
import io
import shutil
import subprocess
import sys
from pathlib import Path

import catalogues

ROOT = Path(__file__).resolve().parent.parent


def main():
    if "--libraries" in sys.argv[1:]:
        return libraries()
    if not shutil.which("msgfmt"):
        print("!! msgfmt is not installed: the compiled translations are NOT checked.")
        return
    problems = [problem for po in sources() if (problem := staleness(po))]
    if problems:
        sys.exit("\n".join([*problems, "Run: make messages"]))


def libraries():
    lines = [f"{package}: no Azerbaijani for {one.id!r}" for package, one in catalogues.lacking()]
    lines += [f"locale_vendor: no longer said: {one.id!r}" for one in catalogues.no_longer_said()]
    if lines:
        sys.exit("\n".join(lines))
    print("Every text of the libraries has its Azerbaijani.")


def sources():
    listed = subprocess.run(
        ["git", "ls-files", "*.po"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split()]


def staleness(po):
    """What is wrong with the compiled form of ``po``, or None."""
    fresh = subprocess.run(
        ["msgfmt", "--check-format", "-o", "-", str(po)],  # noqa: S607
        capture_output=True,
    )
    if fresh.returncode:
        return f"{po.relative_to(ROOT)}: {fresh.stderr.decode().strip()}"
    mo = po.with_suffix(".mo")
    if not mo.exists():
        return f"{mo.relative_to(ROOT)} is missing"
    if catalogue(mo.read_bytes()) != catalogue(fresh.stdout):
        return f"{mo.relative_to(ROOT)} is older than its source"
    return None


def catalogue(compiled):
    texts = dict(gettext.GNUTranslations(io.BytesIO(compiled))._catalog)
    texts.pop("", None)  # the header with its dates
    return texts


if __name__ == "__main__":
    main()
