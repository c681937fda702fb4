"""The one table of pages: menu, tests and README read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PAGES_FOLDER = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True)
class PageEntry:
    """One page: its slug in the address, its script and its icon; texts are ``page.<slug>.*``."""

    slug: str
    icon: str
    default: bool = False

    @property
    def script(self) -> Path:
        """Path of the script; its stem never equals the slug (a deep link would skip the frame)."""
        return PAGES_FOLDER / f"{self.slug}_page.py"


PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", ":material/map:", default=True),
    PageEntry("clusters", ":material/hub:"),
    PageEntry("materials", ":material/agriculture:"),
    PageEntry("linkages", ":material/handshake:"),
    PageEntry("provinces", ":material/location_city:"),
    PageEntry("data", ":material/database:"),
    PageEntry("methods", ":material/functions:"),
)


def page(slug: str) -> PageEntry:
    """Return the entry of a slug."""
    return next(entry for entry in PAGES if entry.slug == slug)
