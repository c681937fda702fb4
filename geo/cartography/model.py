"""What a picture holds: its words, what is drawn over the ground, and the key to read it by.

A picture knows nothing of paper; :mod:`geo.cartography.sheets` knows nothing of pictures;
:func:`geo.cartography.render.render` puts the one on the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True)
class Tint:
    """Areas filled with colours; ``hatched`` ones have no figure.

    Attributes
    ----------
    level : str
        ``province`` or ``region``.
    colours : mapping
        Code → colour; areas that stand in neither are left plain.
    hatched : frozenset of str
        Codes of areas without a figure.
    """

    level: str
    colours: Mapping[str, str]
    hatched: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shapes:
    """Areas of their own, such as hexagons or outlines of clusters.

    Attributes
    ----------
    table : GeoDataFrame
        EPSG:4326 with ``colour``; ``label`` (text beside the area) where wanted.
    filled : bool
        Filled with its colour, or outlined by it.
    """

    table: gpd.GeoDataFrame = field(repr=False)
    filled: bool = True


@dataclass(frozen=True)
class Marks:
    """Places as circles or diamonds.

    Attributes
    ----------
    table : DataFrame
        ``lat``, ``lon`` (degrees), ``radius_mm``, ``colour``; ``label`` where wanted.
    shape : str
        ``circle`` or ``diamond``.
    """

    table: pd.DataFrame = field(repr=False)
    shape: str = "circle"


@dataclass(frozen=True)
class Flows:
    """Curved ribbons that swell towards the receiver.

    Attributes
    ----------
    table : DataFrame
        ``origin_lat``, ``origin_lon``, ``dest_lat``, ``dest_lon`` (degrees), ``width_mm``, ``colour``;
        ``label`` where wanted. Drawn in the given order, the last on top.
    directed : bool
        With an arrow at the receiver.
    """

    table: pd.DataFrame = field(repr=False)
    directed: bool = True


Layer = Tint | Shapes | Marks | Flows


@dataclass(frozen=True)
class KeyRow:
    """One line of the key.

    ``mark``: ``fill``, ``hatch``, ``line``, ``arrow``, ``circle``, ``diamond``, ``hexagon``, ``outline``.
    ``size_mm``: width of a line or diameter of a circle. ``count``: how many areas, written at the right.
    """

    mark: str
    label: str
    colour: str = "#000000"
    size_mm: float = 3.0
    count: str = ""


@dataclass(frozen=True)
class KeyBlock:
    """Lines of the key under one title, with a note below."""

    title: str
    rows: tuple[KeyRow, ...]
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """One map with all that must be read on it when it lies on a table without the application.

    Attributes
    ----------
    title : str
        The finding, as a sentence.
    filters : str
        The filters in force, as a line.
    data_label : str
        The data set; ``demo`` marks it as demonstration data across the sheet's head.
    source : str
        Sources, date of the data, version, vintage.
    layers : tuple of Layer
        From the ground up.
    key : tuple of KeyBlock
    vintage, region_set, lang : str
    focus : tuple of str
        Province codes the frame closes in on; empty for the whole country.
    facts : tuple of (str, str)
        A short ranked list beside the map: what, how much.
    facts_title : str
    """

    title: str
    filters: str
    data_label: str
    source: str
    layers: tuple[Layer, ...]
    key: tuple[KeyBlock, ...] = ()
    vintage: str = "2025"
    region_set: str | None = None
    lang: str = "vi"
    demo: bool = False
    focus: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    facts_title: str = ""
