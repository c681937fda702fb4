"""What the page of clusters knows of hot spots: cached results and the words for them."""

from __future__ import annotations

from dataclasses import replace

import h3.api.basic_int as h3
import pandas as pd
import streamlit as st

from geo.measures import crossing, hotspot_null, hotspot_provinces
from geo.measures.crossing import Cluster, Side
from geo.places import admin
from geo.store.cell_counts import cell_counts
from geo.store.filters import Filters
from ui import cached, tables, views
from ui.context import Context, set_parameter
from ui.text import Text

#: Sides of a cluster that a sentence names; the table holds all of them.
_NAMED = 5


@st.cache_resource(max_entries=64, show_spinner=False)
def _clusters(dataset: str, version: str, filters: Filters, sector: str) -> tuple[Cluster, ...]:
    """Clusters of a sector in the whole country; never written to."""
    return tuple(crossing.find(cached.open_version(dataset, version), filters, sector))


@st.cache_data(max_entries=64, show_spinner=False)
def _provinces(dataset: str, version: str, filters: Filters, sector: str) -> pd.DataFrame:
    """Local Gi* and Moran of the provinces."""
    return hotspot_provinces.of_sector(cached.open_version(dataset, version), filters, sector)


@st.cache_data(max_entries=64, show_spinner=False)
def _smallest_p(dataset: str, version: str, filters: Filters, sector: str) -> pd.Series:
    """Smallest adjusted p of the hexagons in which a province has establishments of the sector."""
    opened = cached.open_version(dataset, version)
    surface = cached.hot_cells(dataset, version, filters, sector)
    rows = cell_counts(opened, filters, hotspot_null.usual_resolution(opened)).of_sector(sector)
    p = pd.Series(surface["p_fdr"].to_numpy(), [h3.str_to_int(cell) for cell in surface["cell"]])
    return rows["cell"].map(p).groupby(rows[f"province_code_{filters.vintage}"]).min()


@st.cache_data(max_entries=64, show_spinner=False)
def _left_out(dataset: str, version: str, filters: Filters, sector: str) -> dict[str, int]:
    """What the hexagons leave out or place only roughly."""
    opened = cached.open_version(dataset, version)
    return cell_counts(opened, filters, hotspot_null.usual_resolution(opened)).left_out(sector)


def clusters(context: Context, sector: str, codes: tuple[str, ...]) -> list[Cluster]:
    """Return the clusters that touch some provinces; those that cross a province border first."""
    found = _clusters(*_key(context), sector)
    inside = [cluster for cluster in found if set(cluster.provinces) & set(codes)]
    return sorted(inside, key=lambda cluster: not cluster.crosses_province)


@st.cache_data(max_entries=32, show_spinner=False)
def _dense_groups(dataset: str, version: str, filters: Filters, sector: str) -> tuple[int, int]:
    """Number of significant dense groups (HDBSCAN), and how many of them cross a province border."""
    found = crossing.find(cached.open_version(dataset, version), filters, sector, method="hdbscan")
    return len(found), sum(cluster.crosses_province for cluster in found)


def dense_groups(context: Context, sector: str) -> tuple[int, int]:
    """Return the number of significant dense groups of a sector, and how many cross a province border."""
    return _dense_groups(*_key(context), sector)


def provinces(context: Context, sector: str) -> pd.DataFrame:
    """Return local Gi* and Moran of all provinces, indexed by ``province_code``."""
    return _provinces(*_key(context), sector).set_index("province_code")


def with_hot_spots(context: Context, rows: pd.DataFrame, sector: str) -> pd.DataFrame:
    """Add to rows of provinces: ``in_clusters`` (establishments), ``hot_p`` (adjusted p) and ``hot_text``."""
    inside: dict[str, int] = {}
    for cluster in _clusters(*_key(context), sector):
        for side in cluster.sides:
            inside[side.province_code] = inside.get(side.province_code, 0) + side.establishments
    p = rows["province_code"].map(_smallest_p(*_key(context), sector)).astype(float)
    return rows.assign(
        in_clusters=rows["province_code"].map(inside).fillna(0).astype("int64"),
        hot_p=p,
        hot_text=[p_text(value, context.t) for value in p],
    )


def left_out_sentence(context: Context, sector: str) -> str:
    """Say how many establishments of the sector the hexagons leave out or place only roughly."""
    t = context.t
    counts = _left_out(*_key(context), sector)
    return t(
        "clusters.left_out",
        total=t.number(counts["total"]),
        missing=t.number(counts["without_coordinates"]),
        rough=t.number(counts["by_commune"]),
    )


def crossing_sentence(context: Context, cluster: Cluster) -> str:
    """Say where the strongest cluster over a border stands."""
    t = context.t
    n, provinces = t.number(cluster.establishments), named(context, cluster.members[:_NAMED])
    if cluster.crosses_region:
        regions = t.number(len(cluster.regions))
        return t("clusters.crossing_region_finding", n=n, regions=regions, provinces=provinces)
    return t("clusters.crossing_finding", n=n, provinces=provinces)


def named(context: Context, sides: tuple[Side, ...], vintage: str | None = None) -> str:
    """Name the sides of a cluster with their shares: "Lâm Đồng (52 %), Đắk Lắk (34 %)"."""
    t = context.t
    table = admin.provinces(vintage or context.view.filters.vintage)
    return ", ".join(
        f"{t.name(table.loc[side.province_code])} ({t.number(100 * side.share)} %)" for side in sides
    )


def lines(context: Context, cluster: Cluster) -> list[str]:
    """Write the tooltip of a cluster: what it is, then each province with its count and share."""
    t = context.t
    n, ratio = t.number(cluster.establishments), t.number(cluster.ratio, 1)
    across = cluster.crosses_province
    out = [
        t("clusters.tip_crossing", n=n, ratio=ratio) if across else t("clusters.tip_inside", n=n, ratio=ratio)
    ]
    sides = cluster.members or cluster.sides[:1]
    for side in sides:
        out.append(
            t(
                "clusters.tip_side",
                province=views.province_name(context, side.province_code),
                n=t.number(side.establishments),
                share=t.number(100 * side.share),
            )
        )
    out.append(p_text(cluster.p_fdr, t))
    if cluster.crosses_old_border and not cluster.crosses_province:
        old = tuple(side for side in cluster.old_sides if side.belongs)
        out.append(t("clusters.tip_old", provinces=named(context, old, "pre2025")))
    return out


def table(context: Context, found: list[Cluster]) -> pd.DataFrame:
    """Write clusters as a table, one row each."""
    t = context.t
    rows = []
    for cluster in found:
        old = tuple(side for side in cluster.old_sides if side.belongs)
        rows.append(
            {
                "cluster_id": cluster.id,
                "provinces": named(context, cluster.members or cluster.sides[:1]),
                "establishments": cluster.establishments,
                "ratio": cluster.ratio,
                "hot_text": p_text(cluster.p_fdr, t),
                "between_regions": t("clusters.yes") if cluster.crosses_region else t("clusters.no"),
                "old_provinces": named(context, old, "pre2025"),
                "by_commune": cluster.by_commune,
            }
        )
    columns = ["cluster_id", "provinces", "establishments", "ratio", "hot_text", "between_regions", "old_provinces", "by_commune"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def show_table(context: Context, found: list[Cluster], across: list[Cluster], sector: str) -> None:
    """Draw the clusters over a border; a chosen row goes into the address. The others fold away below."""
    t = context.t
    if across:
        st.caption(t("clusters.hot_note"))
        rows = table(context, across)
        place = _draw(context, rows, f"crossing_{sector}")
        follow(f"crossing_{sector}", rows["cluster_id"], place, parameter="value")
    elif found:
        st.write(t("clusters.hot_none", n=t.number(len(found))))
    else:
        st.write(t("clusters.hot_nothing"))
    merged = sum(cluster.crosses_old_border and not cluster.crosses_province for cluster in found)
    if merged:
        st.write(t("clusters.merged", n=t.number(merged)))
    if len(found) > len(across):
        with st.expander(t("clusters.all_clusters", n=t.number(len(found)))):
            rows = table(context, found)
            place = _draw(context, rows, f"hotspots_{sector}")
            follow(f"hotspots_{sector}", rows["cluster_id"], place, parameter="value")


def _draw(context: Context, rows: pd.DataFrame, name: str) -> int | None:
    """Draw a table of clusters; the provinces of before the merger only where they differ from today's."""
    t = context.t
    columns = {
        "provinces": t("column.provinces_shares"),
        "establishments": t("column.establishments"),
        "ratio": t("column.cluster_ratio"),
        "hot_text": t("column.hot_text"),
        "between_regions": t("column.between_regions"),
        "old_provinces": t("column.old_provinces"),
        "by_commune": t("column.by_commune"),
    }
    if context.view.filters.vintage == "pre2025":
        del columns["old_provinces"]
    digits = {"establishments": 0, "ratio": 1, "by_commune": 0}
    return tables.show(context, rows, name=name, columns=columns, digits=digits, select=True)


def follow(name: str, codes: pd.Series, place: int | None, *, parameter: str) -> None:
    """Put the code of a newly chosen row into the address and draw the page anew.

    Only a change of the choice counts, so that a click on the map is not undone by the row of before.
    """
    key = f"_{name}_row"
    if place == st.session_state.get(key):
        return
    st.session_state[key] = place
    if place is not None and place < len(codes):
        set_parameter(parameter, str(codes.iloc[place]))
        st.rerun()


def p_text(p: float, t: Text) -> str:
    """Write an adjusted p as people read it."""
    if pd.isna(p):
        return "—"
    return f"p < {t.number(0.001, 3)}" if p < 0.001 else f"p = {t.number(p, 3)}"


def _key(context: Context) -> tuple[str, str, Filters]:
    """What a result depends on: the data, and the filters that hot spots are counted under."""
    dataset, filters = context.dataset, context.view.filters
    chosen = replace(hotspot_null.country(filters), region_set=filters.region_set)
    return dataset.name, dataset.version, chosen.normalised()
