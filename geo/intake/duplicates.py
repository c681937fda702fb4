"""Records that are one establishment: the same id or tax code, or alike in name, place and product.

A likeness is 0–1: the names after folding, abbreviations written out, without the words every name has,
weighed by whether the places agree and by the products. From 0.8 on two records are one; from 0.5 on
people are asked; different tax codes are never one record.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from scipy import sparse

from geo.intake.values import by_value
from geo.places.spelling import key

MERGED, ASKED = 0.8, 0.5
#: The same name in the same province, nothing else known (see the weights below): 0.72 + 0.02 + 0.04.
NAMED = 0.77
#: A word borne by more records of a province than this share tells nothing about which one it is.
_COMMON_SHARE, _COMMON_LEAST = 0.02, 30
_LONG = {"htx": "hop tac xa", "hkd": "ho kinh doanh", "cp": "co phan", "sx": "san xuat", "kd": "kinh doanh",
         "tm": "thuong mai", "dv": "dich vu", "xnk": "xuat nhap khau", "dntn": "doanh nghiep tu nhan",
         "cty": "cong ty", "mtv": "mot thanh vien", "cs": "co so", "cssx": "co so san xuat"}  # fmt: skip
_COMMON = frozenset(
    [
        "cong",
        "ty",
        "tnhh",
        "trach",
        "nhiem",
        "huu",
        "han",
        "mot",
        "thanh",
        "vien",
        "hai",
        "tro",
        "len",
        "co",
        "phan",
        "doanh",
        "nghiep",
        "tu",
        "nhan",
        "hop",
        "tac",
        "xa",
        "ho",
        "kinh",
        "doanh",
        "co",
        "so",
        "san",
        "xuat",
        "thuong",
        "mai",
        "dich",
        "vu",
        "va",
        "cua",
        "che",
        "bien",
        "xuong",
        "nha",
        "may",
        "to",
        "hop",
        "tac",
        "lang",
        "nghe",
    ]
)
#: What agreement of places and products adds: a name alone never reaches the threshold of merging.
_NAME, _PLACE, _PRODUCT = 0.72, 0.2, 0.08
_SAME_KM, _APART_KM = 0.3, 3.0


@lru_cache(maxsize=400_000)
def plain_name(name: str) -> str:
    """Return a name for comparison: folded, abbreviations written out, words every name has left out."""
    words = " ".join(_LONG.get(word, word) for word in key(name).split()).split()
    told = [word for word in words if word not in _COMMON]
    return " ".join(told or words)


def candidates(records: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of records worth comparing: of one province, sharing a word that is not common there.

    Parameters
    ----------
    records : DataFrame
        ``name``, ``province`` (code or None), ``fresh`` (bool: of the file; pairs of two stored ones are
        of no interest), indexed 0 … n-1.

    Returns
    -------
    DataFrame
        ``first``, ``second`` (positions, first < second).
    """
    plain = records["name"].map(plain_name).to_numpy(dtype=object)
    commune, fresh = (
        records["commune"].fillna("").to_numpy(dtype=object),
        records["fresh"].to_numpy(dtype=bool),
    )
    found: list[np.ndarray] = [np.empty((0, 2), dtype=int)]
    for rows in map(np.asarray, records.groupby(records["province"].fillna(""), sort=True).indices.values()):
        if len(rows) > 1 and fresh[rows].any():
            found.append(rows[_sharing(plain[rows], commune[rows])])
    pairs = np.sort(np.concatenate(found), axis=1)
    pairs = pairs[fresh[pairs].any(axis=1)]
    return pd.DataFrame(pairs, columns=["first", "second"]).sort_values(
        ["first", "second"], ignore_index=True
    )


def _sharing(names: np.ndarray, communes: np.ndarray) -> np.ndarray:
    """Return pairs of positions whose names share a word, or two neighbouring words, that few others have."""
    words: dict[str, int] = {}
    indices, starts = [], [0]
    for name, commune in zip(names, communes, strict=True):
        indices += [words.setdefault(token, len(words)) for token in _tokens(name, commune)]
        starts.append(len(indices))
    shape = (len(names), max(len(words), 1))
    matrix = sparse.csr_matrix((np.ones(len(indices), dtype=np.int32), indices, starts), shape=shape)
    bearers = np.asarray(matrix.sum(axis=0)).ravel()
    kept = matrix[:, bearers <= max(_COMMON_LEAST, _COMMON_SHARE * len(names))]
    shared = sparse.triu(kept @ kept.T, k=1).tocoo()
    return np.column_stack([shared.row, shared.col]).astype(int)


def _tokens(name: str, commune: str) -> set[str]:
    """Return the words of a name, its pairs of neighbouring words, and the whole name at its commune.

    Pairs of words are rare where the words are not; a name borne by many is compared within its commune.
    """
    words = name.split()
    return {*words, *(f"{a} {b}" for a, b in zip(words, words[1:], strict=False)), f"{name} @{commune}"}


def likeness(records: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Return the likeness (0–1) of pairs of records.

    Parameters
    ----------
    records : DataFrame
        ``name``, ``product``, ``commune`` (code or None), ``lat``, ``lon`` (points of their own, else NaN).
    pairs : DataFrame
        ``first``, ``second``: positions in ``records``.
    """
    one, two = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    plain = records["name"].map(plain_name).to_numpy(dtype=object)
    names = (
        process.cpdist(plain[one], plain[two], scorer=fuzz.token_sort_ratio) / 100
        if len(pairs)
        else np.empty(0)
    )
    product = by_value(records["product"], lambda text: key(str(text))).to_numpy(dtype=object)
    known = np.array(
        [bool(product[a]) and bool(product[b]) for a, b in zip(one, two, strict=True)], dtype=bool
    )
    goods = np.full(len(pairs), 0.5)
    if known.any():
        goods[known] = (
            process.cpdist(product[one[known]], product[two[known]], scorer=fuzz.token_set_ratio) / 100
        )
    place = _place_likeness(records, one, two)
    # Names that differ much cannot be saved by a common place: the name's share counts squared.
    return pd.Series(names * (_NAME + _PLACE * place + _PRODUCT * goods), index=pairs.index).round(3)


def _place_likeness(records: pd.DataFrame, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return 1 for the same commune or point, 0.1 where it is not known, -1 for places apart."""
    commune = records["commune"].to_numpy(dtype=object)
    out = np.full(len(one), 0.1)
    both = np.array(
        [isinstance(commune[a], str) and isinstance(commune[b], str) for a, b in zip(one, two, strict=True)],
        dtype=bool,
    )
    out[both] = np.where(commune[one[both]] == commune[two[both]], 1.0, -1.0)
    lat, lon = records["lat"].to_numpy(dtype=float), records["lon"].to_numpy(dtype=float)
    km = distance_km(lat[one], lon[one], lat[two], lon[two])
    out[km <= _SAME_KM] = 1.0
    out[km >= _APART_KM] = -1.0
    return out


def distance_km(lat: np.ndarray, lon: np.ndarray, other_lat: np.ndarray, other_lon: np.ndarray) -> np.ndarray:
    """Return the distance of points in degrees (km; on a plane, good to 0.5 % within a province), NaN without both."""
    dy, dx = (lat - other_lat) * 110.6, (lon - other_lon) * 111.3 * np.cos(np.radians(lat))
    return np.hypot(dx, dy)


def pair_key(first: str, second: str) -> str:
    """Return the key under which the answer about two records is kept."""
    return "|".join(sorted((first, second)))
