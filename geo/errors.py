"""The few error classes of the analysis.

Every error carries a whole sentence in Vietnamese and in English that says what was expected,
what came, and how to repair it; pages and the command line print that sentence, never a traceback.
"""

from __future__ import annotations


class GeoError(Exception):
    """Base of every error that a user can cause and repair.

    Parameters
    ----------
    vi, en : str
        The sentence for the user: what was expected, what came, how to repair it.
    """

    def __init__(self, *, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en

    def text(self, lang: str = "vi") -> str:
        """Return the sentence in ``lang`` (``vi`` or ``en``)."""
        return self.en if lang == "en" else self.vi


class ParameterError(GeoError):
    """An argument, option or link parameter is out of its range."""


class DataError(GeoError):
    """A file or a table breaks its contract."""


class PlaceError(GeoError):
    """A place name or code is unknown, or could be more than one place.

    ``candidates`` lists the places it could be, best first.
    """

    def __init__(self, *, vi: str, en: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(vi=vi, en=en)
        self.candidates = candidates


class StoreError(GeoError):
    """A dataset folder is missing, incomplete or damaged."""
