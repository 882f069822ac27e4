"""nginx with the very file of ``deploy/``, before a server of the site, on ports of its own."""

import datetime
import os
import re
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from tests.conftest import nginx
from tests.running.server import free_port

FILE = Path(settings.BASE_DIR) / "deploy" / "nginx.conf"
NAME = "mia.example.org"


def make_certificate(folder):
    """A self-signed certificate and its key, as certbot would lay them there."""
    folder.mkdir(parents=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def configuration(folder, site_port, http, https):
    """The file of ``deploy/`` with other ports and places, inside what Debian puts around it.

    Nothing but ports and places is changed. Returns the path for ``nginx -c``.
    """
    make_certificate(folder / "live" / NAME)
    text = FILE.read_text()
    for old, new in {
        r"\b80;": f"{http};",
        r"\b443 ssl": f"{https} ssl",
        r":8000;": f":{site_port};",
        "/etc/letsencrypt/live": str(folder / "live"),
    }.items():
        text, found = re.subn(old, new, text)
        assert found, old
    (folder / "site.conf").write_text(text)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started as root, nginx would work as nobody, who may not write into this folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(
        f"{user}pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\ndaemon off;\n"
        "worker_processes 1;\nevents { worker_connections 256; }\n"
        f"http {{\naccess_log off;\ngzip on;\n{places}include {folder}/site.conf;\n}}\n"
    )
    return main


def checked(main):
    """(exit code, what nginx says) of ``nginx -t``."""
    done = subprocess.run(
        [nginx(), "-t", "-e", f"{main.parent}/error.log", "-c", str(main)],
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr


@contextmanager
def in_front_of(site_port, folder):
    """Yields ``(http port, https port, ssl context)`` of an nginx that answers."""
    http, https = free_port(), free_port()
    main = configuration(folder, site_port, http, https)
    process = subprocess.Popen(
        [nginx(), "-e", f"{folder}/error.log", "-c", str(main)], stderr=subprocess.DEVNULL
    )
    try:
        for _attempt in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{http}/", timeout=2)
            except urllib.error.URLError as error:
                if not isinstance(error.reason, ConnectionRefusedError):
                    break  # it leads on to a name that is not here: it runs
                assert process.poll() is None, (folder / "error.log").read_text()
                time.sleep(0.05)
        trust = ssl.create_default_context(cafile=str(folder / "live" / NAME / "fullchain.pem"))
        yield http, https, trust
    finally:
        process.terminate()
        process.wait(20)
