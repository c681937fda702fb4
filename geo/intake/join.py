"""Rows of a file and what is in already: which are one record, and what the one record says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.intake import duplicates, personal
from geo.intake.duplicates import MERGED, pair_key
from geo.intake.pace import SILENT, Pace

_PLACE = ["vintage", "province_code", "province_code_2025", "province_code_pre2025", "commune_code_2025",
          "commune_code_pre2025", "lat", "lon", "location_quality"]  # fmt: skip
_SECTOR = ["vsic_version", "sector_code", "sector_status"]
#: What the queue shows of either record.
COMPARED = (
    "row", "establishment_id", "name", "product", "province_code_2025", "commune_code_2025", "commune_code_pre2025",
    "address", "tax_code", "sector_code", "employees", "year",
)  # fmt: skip
_QUALITY = {"point": 0, "commune": 1, "province": 2}
_STATUS = {"stated": 0, "inferred": 1, "division only": 2, "none": 3}


@dataclass(frozen=True)
class Joined:
    """``records``: one row an establishment (``establishment_id`` unique, ``touched`` by the file);
    ``home``: row → id; ``merged`` and ``review`` as :class:`geo.intake.model.Outcome` has them."""

    records: pd.DataFrame
    home: pd.Series
    merged: pd.DataFrame
    review: pd.DataFrame


def join(
    fresh: pd.DataFrame, stored: pd.DataFrame, decisions: Mapping[str, str], pace: Pace = SILENT
) -> Joined:
    """Join the rows of a file with one another and with what is stored.

    Parameters
    ----------
    fresh : DataFrame
        Rows of the file, index = row numbers; the columns of the contract that are known, ``tax_code`` and
        ``own_id`` (bool: the id was in the file). Not written to.
    stored : DataFrame
        Establishments that are in already; not written to.
    decisions : mapping
        Kept answers: pair of ids → ``same`` / ``different``.
    pace : Pace
        Told how far the comparison is.
    """
    work = _together(fresh, stored)
    pace.at(0.05)
    pairs = _all_pairs(work, decisions, pace.part(0.05, 0.8))
    pace.at(0.8)
    root = _roots(work, pairs[pairs["verdict"] == "same"])
    work["root"] = root
    ids = _ids(work)
    work["establishment_id"] = work["root"].map(ids)
    pace.at(0.85)
    records = _combined(work)
    pace.at(0.95)
    home = work.loc[work["fresh"]].set_index("row")["establishment_id"]
    merged = _merged(work, pairs)
    pace.at(0.97)
    review = _review(work, pairs[pairs["verdict"] == "ask"])
    return Joined(records, home, merged, review)


def _together(fresh: pd.DataFrame, stored: pd.DataFrame) -> pd.DataFrame:
    """Return stored records and rows of the file in one frame, stored first, positions as index."""
    ours = fresh.assign(row=fresh.index, fresh=True)
    theirs = stored.assign(row=None, fresh=False, own_id=True)
    theirs["key"] = theirs["establishment_id"]
    theirs["tax_code"] = _tax_of_ids(theirs["establishment_id"])
    columns = list(dict.fromkeys([*theirs.columns, *ours.columns, *COMPARED]))
    # Column by column: whole frames side by side would take twice the memory of a large file.
    work = pd.DataFrame(
        {name: _column(name, theirs, ours) for name in columns}, columns=columns, dtype=object
    )
    work["fresh"] = work["fresh"].astype(bool)
    return work


def _column(name: str, *parts: pd.DataFrame) -> np.ndarray:
    """Return a column of several frames as objects, one after another; None where a frame lacks it."""
    none = np.array([None], dtype=object)
    return np.concatenate(
        [part[name].to_numpy(dtype=object) if name in part else none.repeat(len(part)) for part in parts]
    )


def _tax_of_ids(ids: pd.Series) -> pd.Series:
    """Return the tax code that an id made of one holds."""
    return ids.astype("str").str.extract(r"^mst-(\d{10}(?:-\d{3})?)(?:-[a-z]\d+)?$")[0].astype(object)


def id_of_tax(code: str | None) -> str | None:
    """Return the id made of the tax code of an enterprise; a person's number makes none."""
    return f"mst-{code}" if isinstance(code, str) and len(code) != 12 else None


def _all_pairs(work: pd.DataFrame, decisions: Mapping[str, str], pace: Pace) -> pd.DataFrame:
    """Return pairs with score, reason and verdict (``same``, ``ask``, ``different``)."""
    province = work["province_code_2025"]
    by_id = _equal(work, work["establishment_id"], "id")
    again = _equal(work, work["key"].where(~work["own_id"].fillna(False).astype(bool) | ~work["fresh"]), "id")
    again = again[~work["fresh"].to_numpy()[again["first"]]]  # the very row came with an earlier import
    by_tax = _equal(work, work["tax_code"], "tax code")
    one, two = by_tax["first"], by_tax["second"]
    apart = (
        (province.reindex(one).to_numpy() != province.reindex(two).to_numpy())
        & province.reindex(one).notna().to_numpy()
        & province.reindex(two).notna().to_numpy()
    )
    by_tax["score"] = np.where(apart, 0.75, 1.0)  # one firm, two provinces: two works, or one that moved
    table = pd.DataFrame(
        {
            "name": work["name"], "province": province, "product": work["product"], "fresh": work["fresh"],
            "division": work["sector_code"].str[:2],
            "commune": _commune(work),
            "lat": work["lat"].where(work["location_quality"] == "point"),
            "lon": work["lon"].where(work["location_quality"] == "point"),
        }
    )  # fmt: skip
    alike = duplicates.alike(table, pace).assign(reason="likeness")
    pairs = pd.concat([by_id, again, by_tax, alike], ignore_index=True)
    pairs = pairs.drop_duplicates(["first", "second"], ignore_index=True)  # the surer reason stands first
    return _judged(pairs, work, decisions)


def _commune(work: pd.DataFrame) -> pd.Series:
    """Return the commune of 2025, else the former one (it was split) marked as such."""
    now, before = work["commune_code_2025"], work["commune_code_pre2025"]
    return now.where(now.notna(), before.map(lambda code: f"{duplicates.FORMER}{code}", na_action="ignore"))


def _equal(work: pd.DataFrame, key: pd.Series, reason: str) -> pd.DataFrame:
    """Return each record that shares a key with an earlier one, paired with the first that has it."""
    held = key[key.notna()]
    once = held[~held.duplicated()]
    first = held.map(dict(zip(once, once.index, strict=True)))
    pairs = pd.DataFrame({"first": first, "second": held.index})
    pairs = pairs[pairs["first"] != pairs["second"]].astype(int)
    return pairs.assign(score=1.0, reason=reason).reset_index(drop=True)


def _judged(pairs: pd.DataFrame, work: pd.DataFrame, decisions: Mapping[str, str]) -> pd.DataFrame:
    """Add the verdict on each pair: what people said, else the thresholds; two ids of their own are asked."""
    one, two = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    tax, own = work["tax_code"].to_numpy(dtype=object), work["own_id"].fillna(False).to_numpy(dtype=bool)
    other_tax = np.array(
        [
            isinstance(a, str) and isinstance(b, str) and a != b
            for a, b in zip(tax[one], tax[two], strict=True)
        ],
        dtype=bool,
    )
    named = own[one] & own[two] & (pairs["reason"] != "id").to_numpy()
    verdict = np.where(pairs["score"] >= MERGED, "same", "ask")
    verdict = np.where(named, "ask", verdict)
    verdict = np.where(other_tax & (pairs["reason"] != "id").to_numpy(), "different", verdict)
    keys = work["key"].to_numpy(dtype=object)
    told = (
        [decisions.get(pair_key(keys[a], keys[b])) for a, b in zip(one, two, strict=True)]
        if decisions
        else [None] * len(pairs)
    )
    answered = np.array([answer or "" for answer in told], dtype=object)
    verdict = np.where(answered != "", answered, verdict)
    reason = np.where(answered == "same", "decision", pairs["reason"])
    return pairs.assign(verdict=verdict, reason=reason)


def _roots(work: pd.DataFrame, same: pd.DataFrame) -> np.ndarray:
    """Return for each record the one it becomes part of: a stored one, else the earliest row.

    Surest pairs first; a join that would put two stored records, or two tax codes, together is not made.
    """
    root = np.arange(len(work))
    stored = (~work["fresh"]).to_numpy()
    tax = [{code} if isinstance(code, str) else set() for code in work["tax_code"]]
    held = stored.copy()

    def find(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    order = same.sort_values(["score", "first", "second"], ascending=[False, True, True])
    for one, two in order[["first", "second"]].to_numpy():
        a, b = sorted((find(one), find(two)))
        if a == b or (held[a] and held[b]) or len(tax[a] | tax[b]) > 1:
            continue
        root[b] = a
        held[a] |= held[b]
        tax[a] |= tax[b]
    return np.array([find(place) for place in range(len(work))])


def _ids(work: pd.DataFrame) -> dict[int, str]:
    """Return the id of every root: its own, or the one of its tax code or words, numbered when taken."""
    roots = work.loc[work["root"] == work.index, ["fresh", "own_id", "key"]]
    roots = roots.assign(at=roots.index, named=~roots["own_id"].fillna(False).astype(bool))
    roots = roots.sort_values(["fresh", "named", "at"], kind="stable")
    taken: set[str] = set()
    ids: dict[int, str] = {}
    for place, base in zip(roots.index.tolist(), roots["key"].astype("str"), strict=True):
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}-n{count}"
        taken.add(name)
        ids[place] = name
    return ids


def _combined(work: pd.DataFrame) -> pd.DataFrame:
    """Return one record a root: the newest statement of each column, place and sector taken whole."""
    year = pd.to_numeric(work["year"], errors="coerce")
    # A row without a year is of now: as new as the newest statement on its record.
    now = year.groupby(work["root"]).transform("max").where(work["fresh"])
    rank = year.fillna(now).fillna(-1)
    single = ~work["root"].duplicated(keep=False)
    alone, several = work[single], work[~single]
    if len(several):
        several = several.assign(_year=-rank, _old=~several["fresh"], _at=several.index)
        several = several.sort_values(["root", "_year", "_old", "_at"], kind="stable")
        _prefer_unmasked(several)
        plain = several.groupby("root", sort=False).first()
        for columns, quality, order in (
            (_PLACE, "location_quality", _QUALITY),
            (_SECTOR, "sector_status", _STATUS),
        ):
            best = several.assign(_best=several[quality].map(order).fillna(9)).sort_values(
                ["root", "_best"], kind="stable"
            )
            plain[columns] = best.drop_duplicates("root").set_index("root")[columns]
        several = plain.reset_index().drop(columns=["_year", "_old", "_at"])
    out = pd.concat([alone, several], ignore_index=True).sort_values("root", ignore_index=True)
    out["fresh"] = out["root"].map(work["fresh"]).astype(bool)  # whether the record itself is of the file
    touched = work.groupby("root")["fresh"].any()
    out["touched"] = out["root"].map(touched).astype(bool)
    return out


def _prefer_unmasked(ordered: pd.DataFrame) -> None:
    """Leave out a name of the file that is only the masked form of the stored one; in place."""
    stored = ordered[~ordered["fresh"]].set_index("root")["name"]
    shared = ordered["fresh"] & ordered["root"].isin(stored.index)
    if shared.any():
        same = personal.mask(ordered.loc[shared, "root"].map(stored)) == ordered.loc[shared, "name"]
        ordered.loc[same.index[same], "name"] = None


def _merged(work: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the file that became part of another record."""
    inside = work[work["fresh"] & (work["root"] != work.index)]
    same = pairs[pairs["verdict"] == "same"]
    both = pd.concat([same, same.rename(columns={"first": "second", "second": "first"})])
    best = (
        both.sort_values("score", ascending=False, kind="stable")
        .drop_duplicates("second")
        .set_index("second")
    )
    return pd.DataFrame(
        {
            "row": inside["row"].astype(int),
            "into": inside["establishment_id"],
            "into_row": work["row"].reindex(inside["root"]).to_numpy(),
            "score": best["score"].reindex(inside.index),
            "reason": best["reason"].reindex(inside.index),
        }
    ).reset_index(drop=True)


def _review(work: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that people must judge, both records side by side, the likest first."""
    # A record alike to many is asked about once, with the one it is most like.
    roots = work["root"].to_numpy()
    asked = asked[roots[asked["first"]] != roots[asked["second"]]].sort_values(
        ["score", "first", "second"], ascending=[False, True, True]
    )
    asked = asked.drop_duplicates("second")
    keys = work["key"].to_numpy(dtype=object)
    out: dict[str, object] = {
        "question": "duplicate",
        "key": [pair_key(keys[a], keys[b]) for a, b in asked[["first", "second"]].to_numpy()],
        "score": asked["score"].to_numpy(),
        "reason": asked["reason"].to_numpy(),
        "rows": 1,
        "distance_km": _distance(work, asked),
    }
    for side, prefix in (("second", ""), ("first", "other_")):
        rows = work.loc[asked[side]]
        out |= {prefix + column: rows[column].to_numpy(dtype=object) for column in COMPARED}
    return pd.DataFrame(out, index=range(len(asked)))


def _distance(work: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """Return the distance of the records of each pair (km); NaN unless both have points of their own."""
    own = work["location_quality"] == "point"
    lat, lon = (work[axis].where(own).to_numpy(dtype=float) for axis in ("lat", "lon"))
    one, two = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    return duplicates.distance_km(lat[one], lon[one], lat[two], lon[two])
