"""Whether the site can be served at an address; asked before any long work."""

import errno
import socket


def problem(host, port):
    """A sentence that says why ``host``:``port`` cannot be used and what to do, or None.

    ``port``: text or number.
    """
    if not str(port).isdecimal() or not 1 <= int(port) <= 65535:
        return f"PORT={port} is not a port. Write a number from 1024 to 65535: make run PORT=8100"
    try:
        family, *_rest, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    except OSError:
        return f"HOST={host} is not an address of this machine. Leave HOST out, or use 0.0.0.0."
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return _in_words(error, host, int(port))
    return None


def _in_words(error, host, port):
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program (perhaps the site runs already: "
            f"http://{host}:{port}/).\nTake another port: make run PORT={_next_free(host, port)}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system. Take one from 1024 on: make run PORT=8000"
    return f"The site cannot be served at {host}:{port} ({error.strerror}). Leave HOST out."


def _next_free(host, port):
    for candidate in range(port + 1, min(port + 200, 65536)):
        if problem(host, candidate) is None:
            return candidate
    return 8100
