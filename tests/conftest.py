"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.browser.fixtures import axe, chromium, page_as, picture, troubles

__all__ = ["axe", "chromium", "page_as", "picture", "shared_data", "troubles"]

SHARED_DATA = Path(settings.BASE_DIR).parent / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """Real input that nobody here wrote; absent from a plain clone."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder ../shared/data with real input is absent")
    return SHARED_DATA
