"""API tokens: hashed, expiring, shown once."""

from knox.auth import TokenAuthentication


class BearerToken(TokenAuthentication):
    """`Authorization: Token crma_…`."""
