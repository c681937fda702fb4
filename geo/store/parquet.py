"""Parquet files of a dataset, written so that the same rows give the same bytes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

#: Rows of one row group: small enough that a view of one province skips most groups.
GROUP_ROWS = 16_384
#: Rows of one file: a cluster engine reads files side by side.
PART_ROWS = 16 * GROUP_ROWS


def write(folder: Path, frame: pd.DataFrame, schema: pa.Schema, *, apart: str | None = None) -> list[Path]:
    """Write a frame as ``part-000.parquet`` … in ``folder`` and return the files, in order.

    Parameters
    ----------
    folder : Path
        Made if missing.
    frame : DataFrame
        Columns of ``schema``; row order is kept.
    schema : pyarrow.Schema
        A binary column ``geometry`` makes the files GeoParquet (points, WKB, longitude and latitude).
    apart : str, optional
        Rows that differ in this column never share a file (rows under a share-alike licence).
    """
    folder.mkdir(parents=True, exist_ok=True)
    groups = (
        [frame] if apart is None or frame.empty else [rows for _, rows in frame.groupby(apart, dropna=False)]
    )
    files: list[Path] = []
    for rows in groups:
        table = pa.Table.from_pandas(rows[schema.names], schema=schema, preserve_index=False, safe=True)
        table = table.replace_schema_metadata(_geo_metadata(rows) if "geometry" in schema.names else None)
        for start in range(0, max(len(table), 1), PART_ROWS):
            path = folder / f"part-{len(files):03d}.parquet"
            _write_part(path, table.slice(start, PART_ROWS), schema)
            files.append(path)
    return files


def _write_part(path: Path, table: pa.Table, schema: pa.Schema) -> None:
    """Write one file and wait until it is on disk."""
    with path.open("wb") as sink:
        pq.write_table(
            table,
            sink,
            row_group_size=GROUP_ROWS,
            compression="zstd",
            use_dictionary=_repeating(schema),
        )
        sink.flush()
        os.fsync(sink.fileno())


def _repeating(schema: pa.Schema) -> list[str]:
    """Name the columns whose values repeat; a dictionary only costs space on the others."""
    unique = {"establishment_id", "name", "lat", "lon", "geometry", "need_tonnes"}
    return [name for name in schema.names if name not in unique]


def _geo_metadata(frame: pd.DataFrame) -> dict[str, str]:
    """Return the ``geo`` entry of the GeoParquet 1.1 specification."""
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if "lat" in frame.columns and frame["lat"].notna().any():
        lon, lat = frame["lon"].astype(float), frame["lat"].astype(float)
        box = [np.nanmin(lon), np.nanmin(lat), np.nanmax(lon), np.nanmax(lat)]
        column["bbox"] = [float(edge) for edge in box]
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    return {"geo": json.dumps(geo, sort_keys=True)}
