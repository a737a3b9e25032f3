"""People whom files of learning systems name by their address."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make


@pytest.fixture
def staff(db: None) -> dict[str, Any]:
    return {name: make.person(name=name, email=f"{name}@company.example") for name in ("anna", "bert", "dora")}
