"""Records that are one establishment: the same id or tax code, or alike in name, place and product.

A likeness is 0–1: the names, read by :mod:`geo.intake.names`, weighed by whether the places agree and by
the products. From 0.8 on two records are one; from 0.5 on people are asked (the rule of Open Supply Hub);
different tax codes are never one record. What a likeness of letters alone gets wrong is mended by reasons:

- *Numbers.* "Xưởng số 1" and "Xưởng số 2" are two works: names whose numbers differ are not asked about.
- *Own words.* "Đồ đồng mỹ nghệ Tâm Tuệ Đức" and "Đồ đồng mỹ nghệ Dũng Thư" share only their trade. Where
  each name has own words that the other lacks, how alike those words are limits the likeness; one with a
  slip of the pen ("Hương Sen", "Hương Sên") stays.
- *No own words.* "Cơ sở chế biến chè" tells no one from another: such records are asked about, never
  merged on words.
- *Legal form, diacritics, division.* A cooperative and a company, Bà Hoa and Bà Hòa, a pottery and a
  weaver's of one name and place may be two: asked about, never merged on words.
- *Elsewhere.* In another commune, a person's name, a single own word or another division make another
  establishment, and so does another division where the place is not known: names recur, and nobody could
  tell more from the two records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from scipy import sparse

from geo.intake import names
from geo.intake.pace import SILENT, Pace
from geo.intake.values import by_value
from geo.places.spelling import key

MERGED, ASKED = 0.8, 0.5
#: Before the code of a former commune whose successor is not known: it may be any of the new ones.
FORMER = "pre2025 "
#: The same name in the same province, nothing else known (see the weights below): 0.72 + 0.02 + 0.04.
NAMED = 0.77
#: A word borne by more records of a province than this share tells nothing about which one it is.
_COMMON_SHARE, _COMMON_LEAST = 0.02, 30
#: What agreement of places and products adds: a name alone never reaches the threshold of merging.
_NAME, _PLACE, _PRODUCT = 0.72, 0.2, 0.08
_SAME_KM, _APART_KM = 0.3, 3.0
#: Likeness of names whose own words have no letter in common; it rises to 1 with the likeness of those words.
_OTHER_WORDS = 0.35
#: Words as alike as this may be a slip of the pen (Sen, Sên, Sơn).
_SLIP = 0.6
#: Given names less alike than this are no slip of the pen: Liên and Hiền are 0.75 alike.
_GIVEN = 0.8
#: Records whose pairs with all others of their province are looked at at once.
_PORTION = 1000
#: Pairs in doubt lie below the threshold of merging (at most 0.795), pairs not asked about below that of asking.
_DOUBT_FROM, _DOUBT, _NOT_ASKED = 0.7, 0.095, ASKED - 0.01


@dataclass(frozen=True)
class _Known:
    """What is compared of every record, column by column; codes are -1 where there is none."""

    said: np.ndarray
    letters: np.ndarray
    commune: np.ndarray
    former: np.ndarray
    division: np.ndarray
    product: np.ndarray
    products: np.ndarray
    lat: np.ndarray
    lon: np.ndarray


def _known(records: pd.DataFrame, pace: Pace = SILENT) -> _Known:
    """Read names and places of records once."""
    said = by_value(records["name"], names.read, pace).to_numpy(dtype=object)
    communes = records["commune"].where(records["commune"].notna(), None)
    former = communes.map(lambda code: isinstance(code, str) and code.startswith(FORMER))
    product, products = pd.factorize(by_value(records["product"], lambda text: key(str(text)) or None))
    division = records["division"] if "division" in records else pd.Series([None] * len(records))
    return _Known(
        said=said,
        # Sorted words compared letter by letter: the token sort ratio, sorted once a name instead of once a pair.
        letters=np.array([" ".join(sorted(name.plain.split())) for name in said], dtype=object),
        commune=pd.factorize(communes)[0],
        former=former.to_numpy(dtype=bool),
        division=pd.factorize(division)[0],
        product=product,
        products=np.asarray(products, dtype=object),
        lat=records["lat"].to_numpy(dtype=float),
        lon=records["lon"].to_numpy(dtype=float),
    )


def alike(records: pd.DataFrame, pace: Pace = SILENT) -> pd.DataFrame:
    """Return the pairs of records that are one or are to be asked about.

    The pairs to compare can be a hundred times as many, so they are looked at province by province, in portions.

    Parameters
    ----------
    records : DataFrame
        As :func:`candidates` and :func:`likeness` take them.
    pace : Pace
        Told how far the comparison is.

    Returns
    -------
    DataFrame
        ``first``, ``second`` (positions, first < second, sorted), ``score`` (:data:`ASKED` to 1).
    """
    found = [np.empty((0, 3))]
    for rows, part in _provinces(records, pace):
        known = _known(records.iloc[rows], part.part(0, 0.6))
        for pairs in _portions(records.iloc[rows], known, part.part(0.6, 1)):
            scores = _scores(known, pairs[:, 0], pairs[:, 1])
            good = scores >= ASKED
            found.append(np.column_stack([rows[pairs[good]], scores[good]]))
    first, second, score = np.concatenate(found).T
    out = pd.DataFrame({"first": first.astype(int), "second": second.astype(int), "score": score})
    return out.sort_values(["first", "second"], ignore_index=True)


def candidates(records: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of records worth comparing: of one province, sharing a word that is not common there.

    Parameters
    ----------
    records : DataFrame
        ``name``, ``province`` (code or None), ``fresh`` (bool: of the file; pairs of two stored ones are
        of no interest), and what :func:`likeness` takes; indexed 0 … n-1.

    Returns
    -------
    DataFrame
        ``first``, ``second`` (positions, first < second).
    """
    found = [np.empty((0, 2), dtype=int)]
    for rows, _ in _provinces(records):
        part = records.iloc[rows]
        found += [rows[pairs] for pairs in _portions(part, _known(part))]
    pairs = pd.DataFrame(np.concatenate(found), columns=["first", "second"])
    return pairs.sort_values(["first", "second"], ignore_index=True)


def _provinces(records: pd.DataFrame, pace: Pace = SILENT) -> Iterator[tuple[np.ndarray, Pace]]:
    """Return the positions of the records of each province that has two or more, one of the file among them."""
    fresh = records["fresh"].to_numpy(dtype=bool)
    done = 0
    for rows in records.groupby(records["province"].fillna(""), sort=True).indices.values():
        part = pace.part(done / len(records), (done + len(rows)) / len(records))
        done += len(rows)
        if len(rows) > 1 and fresh[rows].any():
            yield np.sort(rows), part


def _portions(records: pd.DataFrame, known: _Known, pace: Pace = SILENT) -> Iterator[np.ndarray]:
    """Return the pairs worth comparing among the records of a province, at most a portion of them at a time."""
    plain = np.array([name.plain for name in known.said], dtype=object)
    commune = records["commune"].fillna("").to_numpy(dtype=object)
    fresh = records["fresh"].to_numpy(dtype=bool)
    for near in _sharing(plain, commune, pace):
        yield near[fresh[near].any(axis=1)]


def _sharing(names: np.ndarray, communes: np.ndarray, pace: Pace) -> Iterator[np.ndarray]:
    """Return pairs of positions whose names share a word, or two neighbouring words, that few others have."""
    words: dict[str, int] = {}
    indices, starts = [], [0]
    for name, commune in zip(names, communes, strict=True):
        indices += [words.setdefault(token, len(words)) for token in _tokens(name, commune)]
        starts.append(len(indices))
    shape = (len(names), max(len(words), 1))
    matrix = sparse.csr_matrix((np.ones(len(indices), dtype=np.int32), indices, starts), shape=shape)
    bearers = np.asarray(matrix.sum(axis=0)).ravel()
    kept = matrix[:, (bearers > 1) & (bearers <= max(_COMMON_LEAST, _COMMON_SHARE * len(names)))]
    others = kept.T.tocsr()
    for top in range(0, len(names), _PORTION):
        pace.at(top / len(names))
        shared = (kept[top : top + _PORTION] @ others).tocoo()
        one, two = shared.row + top, shared.col
        yield np.column_stack([one, two])[one < two].astype(int)


def _tokens(name: str, commune: str) -> set[str]:
    """Return the words of a name, its pairs of words near each other, and both at its commune.

    Pairs of words are rare where the words are not; what many bear is compared within its commune. Pairs
    leave one word out, so that a slip in the middle of a name does not hide it.
    """
    words = name.split()
    near = [f"{a} {b}" for gap in (1, 2) for a, b in zip(words, words[gap:], strict=False)]
    return {
        *words,
        *near,
        *(f"{word} @{commune}" for word in [*words, name] if commune),
        f"{name} @{commune}",
    }


def likeness(records: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Return the likeness (0–1) of pairs of records; below :data:`ASKED` it is only known to lie there.

    Parameters
    ----------
    records : DataFrame
        ``name``, ``product``, ``commune`` (code or None), ``lat``, ``lon`` (points of their own, else NaN);
        ``division`` (code or None) where it is known.
    pairs : DataFrame
        ``first``, ``second``: positions in ``records``.
    """
    one, two = pairs["first"].to_numpy(dtype=int), pairs["second"].to_numpy(dtype=int)
    return pd.Series(_scores(_known(records), one, two), index=pairs.index)


def _scores(known: _Known, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return the likeness of pairs of records."""
    place = _place_likeness(known, one, two)
    names_alike = _ratio(known.letters[one], known.letters[two], fuzz.ratio)
    # Products are compared only where the best of them could still lift the pair to a question.
    open_to = np.flatnonzero(names_alike * (_NAME + _PLACE * place + _PRODUCT) >= ASKED - 0.001)
    weight = _NAME + _PLACE * place + _PRODUCT * 0.5
    goods = _product_likeness(known, one[open_to], two[open_to])
    weight[open_to] += _PRODUCT * (goods - 0.5)
    score = (names_alike * weight).round(3)
    # Only what could be asked about is looked at word by word.
    open_to = open_to[score[open_to] >= ASKED]
    one, two, place, weight = one[open_to], two[open_to], place[open_to], weight[open_to]
    limits = _limits(known.said[one], known.said[two])
    told = np.minimum(score[open_to], limits["names"].to_numpy() * weight)
    other = (
        (known.division[one] >= 0) & (known.division[two] >= 0) & (known.division[one] != known.division[two])
    )
    elsewhere, surely_there = place < 0, place == 1
    doubt = limits["doubt"] | other | (~surely_there & limits["recurs"])
    useless = elsewhere & (limits["recurs"] | limits["doubt"] | other) | ~surely_there & (
        other | limits["thin"]
    )
    # Below the threshold the likest are still the likest.
    told = np.where(doubt, np.minimum(told, _DOUBT_FROM + _DOUBT * told), told)
    score[open_to] = np.where(useless, np.minimum(told, _NOT_ASKED), told)
    return score.round(3)


def _limits(one: np.ndarray, two: np.ndarray) -> pd.DataFrame:
    """Return what the words of pairs of names allow, row by row.

    Returns
    -------
    DataFrame
        ``names`` (likeness of the names at most, 0–1), ``doubt`` (never merged on words), ``recurs`` (a
        name that others elsewhere may bear), ``thin`` (at most one own word in common, the others differ).
    """
    both = list(zip(one, two, strict=True))
    lack = np.array(["".join(sorted(a.own - b.own)) for a, b in both], dtype=object)
    more = np.array(["".join(sorted(b.own - a.own)) for a, b in both], dtype=object)
    conflict = (lack != "") & (more != "")
    alike = _ratio(lack, more, fuzz.ratio)
    limit = np.where(conflict, _OTHER_WORDS + (1 - _OTHER_WORDS) * alike**2, 1.0)
    limit[[_apart(a, b) for a, b in both]] = 0.0
    shared = np.array([len(a.own & b.own) for a, b in both], dtype=int)
    slip = conflict & (lack != more)  # the same letters, spaced otherwise, are no slip
    thin = (shared < 2) & ((lack != "") | (more != "")) & ~(conflict & (alike >= _SLIP))
    return pd.DataFrame(
        {
            "names": limit,
            "doubt": slip | np.array([_in_doubt(a, b) for a, b in both], dtype=bool),
            "recurs": np.array(
                [a.person or b.person or min(len(a.own), len(b.own)) < 2 for a, b in both], dtype=bool
            ),
            "thin": thin,
        }
    )


def _apart(one: names.Name, two: names.Name) -> bool:
    """Tell whether nothing ties two names: other numbers, other given names, only the trade in common."""
    if one.numbers - two.numbers and two.numbers - one.numbers:
        return True
    if bool(one.own) != bool(two.own) and not (one.form and one.form == two.form):
        return True
    return one.person and two.person and fuzz.ratio(one.last, two.last) < 100 * _GIVEN


def _in_doubt(one: names.Name, two: names.Name) -> bool:
    """Tell whether two names, alike as they are, may well be those of two establishments."""
    forms = bool(one.form and two.form) and not (
        one.form.startswith(two.form) or two.form.startswith(one.form)
    )
    marks = bool(one.own == two.own and one.marked and two.marked and one.marked != two.marked)
    return forms or marks or not one.own or not two.own


def _ratio(one: np.ndarray, two: np.ndarray, scorer: Callable[..., float]) -> np.ndarray:
    """Return the likeness (0–1) of texts, pair by pair."""
    return process.cpdist(one, two, scorer=scorer) / 100 if len(one) else np.empty(0)


def _product_likeness(known: _Known, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return the likeness (0–1) of the products of pairs, 0.5 where one is not known."""
    first, second = known.product[one], known.product[two]
    both = (first >= 0) & (second >= 0)
    out = np.full(len(one), 0.5)
    # Thousands of records share a few products: each pair of products is compared once.
    size = max(len(known.products), 1)
    pairs, place = np.unique(first[both].astype(np.int64) * size + second[both], return_inverse=True)
    texts = known.products[pairs // size], known.products[pairs % size]
    out[both] = _ratio(*texts, fuzz.token_set_ratio)[place]
    return out


def _place_likeness(known: _Known, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return 1 for the same commune or point, 0.1 where it is not known, -1 for places apart."""
    first, second = known.commune[one], known.commune[two]
    told = (first >= 0) & (second >= 0) & ((first == second) | (known.former[one] == known.former[two]))
    out = np.where(told, np.where(first == second, 1.0, -1.0), 0.1)
    km = distance_km(known.lat[one], known.lon[one], known.lat[two], known.lon[two])
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
