"""Where the shipped data and the user's own data live."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


def home() -> Path:
    """Folder for what users bring in (boundaries, datasets); ``PRODUCT_HOME``, else ``var/``."""
    return Path(os.environ.get("PRODUCT_HOME", ROOT / "var"))
