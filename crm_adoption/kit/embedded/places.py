"""Where the embedded servers keep what they need, and how they are addressed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

DATABASE = "crm_adoption"
PORT = 5432  # names the socket; nothing listens on the network
SERVER_UID = 65534  # PostgreSQL refuses to run as root; under root it runs as nobody


class Unavailable(RuntimeError):
    """The embedded servers cannot serve here; the sentence says what to do instead."""


def var_dir() -> Path:
    """Where data, logs and the local secret live; ignored by git. `CRM_ADOPTION_VAR` moves it."""
    return Path(os.environ.get("CRM_ADOPTION_VAR") or Path(__file__).resolve().parents[3] / "var").resolve()


def socket_dir() -> Path:
    """A short directory of its own for each `var`: a socket's path may not exceed 103 bytes on every system.

    Below /tmp whatever TMPDIR says, so that every process of this person finds the same one.
    """
    name = hashlib.sha256(str(var_dir()).encode()).hexdigest()[:12]
    base = Path("/tmp")  # noqa: S108 - the directory below is checked to be ours before it is used
    return (base if os.access(base, os.W_OK) else Path(tempfile.gettempdir())) / f"crma-{os.geteuid()}-{name}"


def postgres_url() -> str:
    return f"postgres://postgres@{quote(str(socket_dir()), safe='')}:{PORT}/{DATABASE}"


def broker_url() -> str:
    return f"redis+socket://{socket_dir()}/valkey.sock"


def local_secret() -> str:
    """A secret key made once for this `var`, so that local sessions outlive a restart."""
    path = make_var() / "secret_key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as new:  # private to its owner
            new.write(secrets.token_urlsafe(60))
        with contextlib.suppress(FileExistsError):
            os.link(new.name, path)  # whole or not at all; the first of several wins
        os.unlink(new.name)
    return path.read_text().strip()


def log_file(name: str) -> Path:
    """`var/logs/<name>.log`, with the last run's kept beside it as `.log.1`."""
    path = make_var() / "logs" / f"{name}.log"
    path.parent.mkdir(exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        path.replace(path.with_suffix(".log.1"))
    return path


def make_var() -> Path:
    """The `var` directory, there and writable; private to its owner when it is made here."""
    var = var_dir()
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"{var} cannot be made ({error.strerror}); set CRM_ADOPTION_VAR to a directory of yours."
        ) from error
    if not os.access(var, os.R_OK | os.W_OK | os.X_OK):
        raise Unavailable(f"{var} may not be written by you; set CRM_ADOPTION_VAR to a directory of yours.")
    return var


def make_socket_dir() -> Path:
    """The directory of the sockets: ours (or, under root, nobody's and root's), and nobody else's."""
    folder = socket_dir()
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    root = os.geteuid() == 0
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in ({0, SERVER_UID} if root else {os.geteuid()}):
        raise Unavailable(f"{folder} belongs to somebody else; ask them, or the machine's owner, to remove it.")
    if root:
        os.chown(folder, SERVER_UID, 0)
    folder.chmod(0o770 if root else 0o700)
    return folder
