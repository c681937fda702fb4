"""Names of sectors, pairs of sectors and materials as they stand in a sentence."""

from __future__ import annotations

import re
from functools import lru_cache

from geo.linkage.model import Text
from geo.linkage.narrative import short
from geo.subjects import materials, sectors

#: Bracketed remarks on editions of the classification are of no use in a sentence.
_REMARK = re.compile(r"\s*\([^)]*\d[^)]*\)")
#: Stands between the two ends of a chain.
ARROW = " → "


@lru_cache(maxsize=512)
def sector(code: str) -> Text:
    """Return the name of a division or class, without remarks."""
    row = sectors.sectors().loc[code]
    return short(Text(*(_REMARK.sub("", str(row[name])) for name in ("name_vi", "name_en"))))


@lru_cache(maxsize=512)
def material(code: str) -> Text:
    """Return the name of a material as a common noun."""
    row = materials.catalogue().loc[code]
    return short(Text(*(name[:1].lower() + name[1:] for name in (row["name_vi"], row["name_en"]))))


def pair(code: str) -> Text:
    """Return the two names of a chain such as ``16-31``: upstream → downstream."""
    upstream, downstream = (sector(part) for part in code.split("-"))
    return Text(f"{upstream.vi}{ARROW}{downstream.vi}", f"{upstream.en}{ARROW}{downstream.en}")


def common(name: Text) -> Text:
    """Return the name of a sector in the middle of a sentence: sectors are common nouns."""
    return Text(*(text[:1].lower() + text[1:] for text in (name.vi, name.en)))
