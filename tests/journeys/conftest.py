"""What the journeys share: the real export, and what the tests of browsers and of jobs know."""

from __future__ import annotations

from tests.journeys.maven import export

__all__ = ["export"]
