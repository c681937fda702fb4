"""Text for files that a spreadsheet program opens: nothing in it is run."""

from __future__ import annotations

import re

_FORMULA = ("=", "+", "-", "@")
#: A bare carriage return ends a line for a spreadsheet program, so that a cell of its own would begin after it.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet program runs as a formula; values other than text stay as they are.

    Tabs, line ends and control characters become spaces; ``=…``, ``+…``, ``-…`` and ``@…``, also after spaces, get an
    apostrophe before them, which an import takes away again.

    Examples
    --------
    >>> harmless("=1+1"), harmless("gốm"), harmless(-2)
    ("'=1+1", 'gốm', -2)
    """
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub(" ", value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
