"""PostgreSQL and Valkey from wheels, for a machine that has neither; used while DATABASE_URL or REDIS_URL is unset.

No Django here: settings import this package.
"""

from crm_adoption.kit.embedded.places import (
    Unavailable,
    broker_url,
    local_secret,
    log_file,
    postgres_url,
    socket_dir,
    var_dir,
)
from crm_adoption.kit.embedded.sharing import for_command, hold, revive

__all__ = [
    "Unavailable",
    "broker_url",
    "for_command",
    "hold",
    "local_secret",
    "log_file",
    "postgres_url",
    "revive",
    "socket_dir",
    "var_dir",
]
