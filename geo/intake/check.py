"""What becomes of every row: in, merged, or back to the sender with its faults."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.intake import columns, establishment_rows, join, sector_questions
from geo.intake import mapping as mappings
from geo.intake.faults import Faults
from geo.intake.model import ColumnMapping, Options, Outcome, Progress, Remark, Table
from geo.intake.pace import Pace
from geo.store.catalog import Dataset
from geo.subjects import establishments as schema


def run(table: Table, mapping: ColumnMapping, options: Options, progress: Progress | None = None) -> Outcome:
    """Check every row of a table and say what would be stored; nothing is written.

    Parameters
    ----------
    table, mapping
        The table read and what its columns hold.
    options : Options
        Vintage, units' signs, consented repairs, the dataset to add to.
    progress : callable, optional
        ``progress(done, total)`` in rows, about every second of a large file; it may raise to stop.

    Raises
    ------
    DataError
        If the mapping does not fit the table, or the table does not tell its vintage.
    ParameterError
        If a unit or a decimal sign must be stated.
    """
    mappings.check(mapping, table)
    pace = Pace(progress, len(table.cells))
    faults = Faults(mapping)
    pace.at(0)
    typed = columns.typed(table, mapping, options, faults, pace.part(0, 0.15))
    if mapping.kind == "establishments":
        return _establishments(table, mapping, options, typed, faults, pace)
    from geo.intake import material_rows, need_rows

    runner = need_rows.run if mapping.kind == "needs" else material_rows.run
    outcome = runner(table, mapping, options, typed, faults)
    pace.at(1)
    return outcome


def _establishments(
    table: Table,
    mapping: ColumnMapping,
    options: Options,
    typed: Mapping[str, pd.Series],
    faults: Faults,
    pace: Pace,
) -> Outcome:
    """Check establishments: rows, then duplicates, then the tables as they will be stored."""
    rows = establishment_rows.build(typed, table, options, faults, pace.part(0.15, 0.5))
    needs = establishment_rows.needs(typed, rows, options, faults)
    pace.at(0.5)
    good = rows.drop(index=faults.bad_rows())
    base, base_needs = stored(options)
    joined = join.join(good, stored_columns(base), options.decisions, pace.part(0.5, 0.92))
    pace.at(0.92)
    accepted = joined.records[joined.records["touched"] & joined.records["fresh"].astype(bool)]
    result = _result(joined, needs, base_needs)
    pace.at(0.94)
    review = pd.concat([joined.review, sector_questions.review(good, joined.home)], ignore_index=True)
    outcome = conclude(
        table, mapping, options, faults, accepted=accepted, merged=joined.merged, review=review, result=result
    )
    pace.at(1)
    return outcome


def stored(options: Options) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the establishments and the needs that are in already; empty tables without a dataset."""
    names = [[c.name for c in schema.ESTABLISHMENTS], [c.name for c in schema.NEEDS]]
    if options.dataset is None or options.replace:
        return pd.DataFrame(columns=names[0], dtype=object), pd.DataFrame(columns=names[1], dtype=object)
    return read(options.dataset, "establishments"), read(options.dataset, "needs")[names[1]]


def read(dataset: Dataset, table: str) -> pd.DataFrame:
    """Return a table of a dataset as a frame; whole numbers keep every digit beside missing ones."""
    whole = {pa.int64(): pd.Int64Dtype()}
    parts = [pq.read_table(path).to_pandas(types_mapper=whole.get) for path in dataset.files(table)]
    return pd.concat(parts, ignore_index=True)


def _result(joined: join.Joined, needs: pd.DataFrame, base_needs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return both tables as they will be stored; a need stated anew replaces the stored one."""
    records = stored_columns(joined.records)
    return {"establishments": records, "needs": merge_needs(needs, joined.home, base_needs)}


def stored_columns(records: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the contract that are not computed from others, numbers as numbers."""
    computed = {
        "division_code",
        "size_band",
        "states_need",
        "geometry",
        *(f"h3_{r}" for r in schema.H3_RESOLUTIONS),
    }
    out = records.reindex(columns=[c.name for c in schema.ESTABLISHMENTS if c.name not in computed])
    for column in ("employees", "year"):
        out[column] = pd.to_numeric(out[column], errors="coerce").astype("Int64")
    for column in ("revenue_vnd_million", "lat", "lon"):
        out[column] = pd.to_numeric(out[column], errors="coerce").astype(float)
    return out


def merge_needs(needs: pd.DataFrame, home: pd.Series, base: pd.DataFrame) -> pd.DataFrame:
    """Return stored needs with those of the file: one an establishment, material and origin."""
    ours = needs[needs["row"].isin(home.index)]
    ours = ours.assign(establishment_id=ours["row"].map(home)).drop(columns="row")
    stated = pd.MultiIndex.from_frame(ours[["establishment_id", "material_code"]])
    kept = (
        base[~pd.MultiIndex.from_frame(base[["establishment_id", "material_code"]]).isin(stated)]
        if len(ours)
        else base
    )
    parts = [part.astype(object) for part in (ours, kept) if len(part)]
    columns = [column.name for column in schema.NEEDS]
    out = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns, dtype=object)
    out = out.drop_duplicates(["establishment_id", "material_code", "origin_province_code"])
    out["need_tonnes"] = pd.to_numeric(out["need_tonnes"], errors="coerce").astype(float)
    return out[columns].sort_values(columns[:2], ignore_index=True)


def conclude(
    table: Table, mapping: ColumnMapping, options: Options, faults: Faults, *, accepted: pd.DataFrame,
    merged: pd.DataFrame, review: pd.DataFrame, result: dict[str, pd.DataFrame],
) -> Outcome:  # fmt: skip
    """Put the outcome together; every row is accepted, merged or returned, and nothing else."""
    bad = faults.bad_rows()
    returned = table.cells.loc[bad].set_axis(list(table.header), axis=1)
    aside = table.aside["reason"].value_counts() if len(table.aside) else pd.Series(dtype=int)
    counts = {
        "rows_in": len(table.cells),
        "accepted": len(accepted),
        "merged": len(merged),
        "returned": len(returned),
        "review": len(review),
        **{f"aside_{reason}": int(count) for reason, count in sorted(aside.items())},
    }
    if counts["rows_in"] != counts["accepted"] + counts["merged"] + counts["returned"]:
        raise AssertionError(f"rows do not add up: {counts}")
    return Outcome(
        table,
        mapping,
        options,
        accepted,
        merged,
        returned,
        faults.frame(),
        review,
        result,
        counts,
        _messages(table, mapping),
    )


def _messages(table: Table, mapping: ColumnMapping) -> tuple[Remark, ...]:
    """Return what is to be said about the file, the reader's remarks first."""
    said = list(table.remarks)
    if len(table.aside):
        count, texts = len(table.aside), "; ".join(table.aside["text"].astype("str").str[:60].head(3))
        said.append(
            Remark("aside", f"{count} dòng không phải dữ liệu (tổng cộng, tiêu đề nhóm, ghi chú) không được nhập: {texts}.",
                   f"{count} rows are no data (totals, headings, notes) and are not imported: {texts}.", count)
        )  # fmt: skip
    if mapping.ignored:
        listed = ", ".join(f"“{title}”" for title in mapping.ignored[:12])
        said.append(
            Remark(
                "ignored-columns",
                f"Các cột không dùng: {listed}.",
                f"Columns not used: {listed}.",
                len(mapping.ignored),
            )
        )
    private = [
        mapping.columns[name]
        for name in ("owner_name", "phone", "email", "identity")
        if name in mapping.columns
    ]
    if private:
        listed = ", ".join(f"“{title}”" for title in private)
        said.append(
            Remark("private-columns", f"Các cột dữ liệu cá nhân không được lưu: {listed}.",
                   f"Columns of personal data are not stored: {listed}.", len(private))
        )  # fmt: skip
    return tuple(said)
