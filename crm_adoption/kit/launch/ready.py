"""Is the port free, and does the site answer?"""

from __future__ import annotations

import http.client
import json
import socket
import sys

HOST = "127.0.0.1"


class BadPort(RuntimeError):
    """No port to listen on; the sentence says which to take instead."""


def free_port(wanted: str) -> int:
    """The port as a number, if nothing listens there."""
    if not wanted.isascii() or not wanted.isdigit() or not 1 <= int(wanted) <= 65535:
        raise BadPort(f"PORT is {wanted!r}; use a whole number from 1 to 65535, as in: make run PORT=8001")
    port = int(wanted)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise BadPort(f"Port {port} may not be used by you; take another, as in: make run PORT=8001") from None
        except OSError:
            other = port + 1 if port < 65535 else 8001
            raise BadPort(f"Port {port} is in use by another program; take another: make run PORT={other}") from None
    return port


def not_ready(port: int) -> str:
    """Empty when /readyz says 200; otherwise what is missing."""
    link = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        link.request("GET", "/readyz")
        answer = link.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        return f"the web process does not answer ({error})"
    finally:
        link.close()
    if answer.status == 200:
        return ""
    try:
        checks = json.loads(body)["checks"]
    except (ValueError, KeyError):
        return f"/readyz answered {answer.status}"
    return "; ".join(f"{name}: {check['says']}" for name, check in checks.items() if check["state"] == "down")


if __name__ == "__main__":  # the health check of a container: python -m crm_adoption.kit.launch.ready PORT
    sys.exit(not_ready(int(sys.argv[1])) or 0)
