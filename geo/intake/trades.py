"""Sectors and materials of rows: VSIC codes of either version, or words of the product with a confidence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from geo.intake.decisions import LEAVE, SECTOR
from geo.intake.faults import Faults
from geo.intake.model import KEPT, Options
from geo.intake.pace import SILENT, Pace
from geo.intake.values import by_value, empty, zipped
from geo.places.spelling import key
from geo.subjects import materials, product_words, sectors
from geo.subjects.shipped import table

#: From this confidence on the class read from words is taken; below, people are asked.
SURE = 0.8
WORTH_ASKING = 0.5
#: What the words of a row say about its sector.
_READING = ("sector_code", "sector_status", "sector_guess", "sector_confidence", "sector_question")
#: Longer words are cut in the key of their question.
_KEY_LENGTH = 120


@dataclass(frozen=True)
class Guess:
    """A sector read from words: code (empty: none), confidence 0–1, how, and from ``product`` or ``name``."""

    code: str = ""
    confidence: float = 0.0
    by: str = ""
    of: str = "product"


def resolve(
    fields: Mapping[str, pd.Series], index: pd.Index, options: Options, faults: Faults, pace: Pace = SILENT
) -> pd.DataFrame:
    """Return sector and main material of every row, faults noted.

    Returns
    -------
    DataFrame
        Same index: ``vsic_version``, ``sector_code``, ``sector_status``, ``material_code``, and for the
        review list ``sector_guess``, ``sector_confidence`` (NaN where a code was stated, in the file or by an
        answer) and ``sector_question`` (the key under which an answer is kept).
    """
    none = empty(index)
    stated, version = fields.get("sector_code", none), fields.get("vsic_version", none)
    code = _codes(stated, version, options, faults)
    out = pd.DataFrame(
        {"vsic_version": "2018", "sector_code": code, "sector_status": "stated", "sector_guess": None,
         "sector_confidence": float("nan"), "sector_question": ""}, index=index, dtype=object,
    )  # fmt: skip
    out.loc[code.astype("str").str.len() == 2, "sector_status"] = "division only"
    _guess(
        out,
        stated.isna() & (fields.get("sector_status", none) != "none"),
        fields.get("product", none),
        fields.get("name", none),
        options.decisions,
        pace,
    )
    if "sector_status" in fields:  # an export says how its code was found
        kept = fields["sector_status"].where(stated.notna() | (fields["sector_status"] == "none"))
        out["sector_status"] = kept.where(kept.notna(), out["sector_status"])
    out["material_code"] = material_codes(fields.get("material", none), faults)
    lacking = out["material_code"].isna() & (fields["material"].isna() if "material" in fields else True)
    inferred = _inferred_materials(out, fields.get("product", none), fields.get("name", none))
    out["material_code"] = out["material_code"].where(~lacking, inferred)
    return out


def _codes(stated: pd.Series, version: pd.Series, options: Options, faults: Faults) -> pd.Series:
    """Return the VSIC 2018 class or division of every stated code; None where there is none or it is wrong."""
    pairs = zipped(stated, version.where(version.notna(), options.vsic_version))
    codes = by_value(pairs, lambda pair: _code(pair[0], pair[1]) if pair[0] is not None else (None, ""))
    problem = codes.map(lambda pair: pair[1])
    faults.add(
        stated.index[problem == "unknown"], "sector_code", "sector-unknown", stated,
        "Mã ngành phải là ngành cấp 2 hoặc cấp 4 của VSIC có trong danh mục (ví dụ 10, 1077).",
        "The sector must be a division or class of VSIC in the list (such as 10, 1077).",
    )  # fmt: skip
    faults.add(
        stated.index[problem == "version"], "sector_code", "sector-version", stated,
        "Mã này chỉ ngành khác nhau trong VSIC 2018 và VSIC 2025: hãy chọn phiên bản (--vsic 2018 hoặc --vsic 2025).",
        "This code means another class in VSIC 2018 than in VSIC 2025: choose the version (--vsic 2018 or --vsic 2025).",
    )  # fmt: skip
    faults.warn(
        stated.index[problem == "cut"], "sector_code", "sector-cut", stated,
        lambda value: f"Mã “{value}” được lấy theo ngành {_code(value, None)[0]}.",
        lambda value: f'Code "{value}" is taken as sector {_code(value, None)[0]}.',
    )  # fmt: skip
    return codes.map(lambda pair: pair[0]).astype(object).where(lambda v: v.notna(), None)


@cache
def _changed() -> frozenset[str]:
    """Return the 2018 codes that mean another class in 2025."""
    rows = table("sectors.csv")
    new_of = dict(zip(rows["sector_code"], rows["code_2025"], strict=True))
    reused = {
        code
        for old, codes in new_of.items()
        for code in str(codes).split("|")
        if code != old and code in new_of
    }
    return frozenset(reused)


@cache
def _code(stated: str, version: str | None) -> tuple[str | None, str]:
    """Return (code of 2018, problem): ``unknown``, ``version``, ``cut`` (finer or written otherwise) or empty."""
    digits = re.sub(r"^[A-Za-z]\.?|[.\s]", "", stated.split(" ")[0].split("-")[0])
    known = sectors.sectors().index
    if not re.fullmatch(r"\d{2,5}", digits):
        return None, "unknown"
    short = digits[:4] if len(digits) >= 4 else digits[:2]
    problem = "" if short == stated else "cut"
    if version is None and short in _changed():
        return None, "version"
    if len(short) == 2 and 5 <= int(short) <= 33:
        return short, problem  # a division of mining or manufacturing, with or without classes in the list
    if version == "2025" or short not in known:
        old = sectors.to_2018(short) if version != "2018" else None
        return (old, problem) if old else (None, "unknown")
    return short, problem


def _guess(
    out: pd.DataFrame,
    open_rows: pd.Series,
    product: pd.Series,
    name: pd.Series,
    answers: Mapping[str, str],
    pace: Pace,
) -> None:
    """Read the sector of rows without a code from their words, unless people answered for them; in place."""
    index = out.index[open_rows]
    texts = zipped(product[index], name[index])
    found = by_value(texts, lambda pair: _reading(pair[0] or "", pair[1] or "", answers), pace)
    out.loc[index, list(_READING)] = np.array(found.tolist(), dtype=object).reshape(-1, len(_READING))


def _reading(
    product: str, name: str, answers: Mapping[str, str]
) -> tuple[str | None, str, str | None, float, str]:
    """Return the columns ``_READING`` of a row with these words; an answered one is not asked again."""
    found = guess(product, name)
    asked = question(product, name, found)
    answer = answers.get(asked, "")
    if answer and answer != LEAVE:
        return answer, "stated" if len(answer) == 4 else "division only", None, float("nan"), asked
    if found.confidence >= SURE:
        return found.code, "inferred", found.code, found.confidence, asked
    division = found.code[:2] if found.confidence >= WORTH_ASKING else None
    open_to = (None, float("nan")) if answer else (found.code or None, found.confidence)
    return division, "division only" if division else "none", *open_to, asked


def question(product: str, name: str, found: Guess) -> str:
    """Return the key of the question which class some words are: the folded words that were read.

    Rows of the same product share it; where only the name told something, the name is part of it.
    """
    words = f"{key(product)} / {key(name)}" if found.of == "name" else key(product)
    if len(words) > _KEY_LENGTH:
        words = f"{words[:_KEY_LENGTH]} {hashlib.sha256(words.encode()).hexdigest()[:8]}"
    return SECTOR + words


def guess(product: str, name: str = "") -> Guess:
    """Return the class that a product, else a name, says, with a confidence.

    1 when the product is the very name of a class; 0.9 when words that leave no doubt are there and point to
    one class; 0.7 when such words point to several (the first is given); a fifth less when they stand only
    in the name; less by likeness to the names of classes and known products.
    """
    found = _said(product) if product else Guess()
    if found.code:
        return found
    of_name = _said(name) if name else Guess()
    if of_name.code:
        return Guess(of_name.code, round(0.8 * of_name.confidence, 2), of_name.by, "name")
    return _by_likeness(product)


@lru_cache(maxsize=KEPT)
def _said(text: str) -> Guess:
    """Return the class a text names, or that its words say."""
    exact = _class_names().get(key(text))
    if exact:
        return Guess(exact, 1.0, "class name")
    found = product_words.classes_said(text)
    return Guess(found[0], 0.9 if len(found) == 1 else 0.7, "words") if found else Guess()


def candidates(product: str, name: str = "", *, most: int = 6) -> tuple[str, ...]:
    """Return the classes that a product or a name may mean, likeliest first."""
    said = [
        code
        for text in (product, name)
        if text
        for code in (guess(text).code, *product_words.classes_said(text))
    ]
    texts, codes = _known_texts()
    near = process.extract(
        key(product or name), texts, scorer=fuzz.token_set_ratio, score_cutoff=75, limit=3 * most
    )
    return tuple(dict.fromkeys(code for code in [*said, *(codes[place] for _, _, place in near)] if code))[
        :most
    ]


@cache
def _class_names() -> dict[str, str]:
    """Return folded name of a class in either language → code."""
    rows = sectors.sectors()
    rows = rows[rows["level"] == "class"]
    return {
        key(name): str(code)
        for column in ("name_vi", "name_en")
        for code, name in rows[column].astype("str").items()
    }


@cache
def _known_texts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return folded texts that describe a class, and their codes."""
    texts = dict(_class_names())
    for row in table("demo_profile.csv").itertuples():
        for text in (row.activity_vi, row.product_vi, *str(row.product_vi).split(",")):
            texts.setdefault(key(str(text)), str(row.sector_code))
    return tuple(texts), tuple(texts.values())


@lru_cache(maxsize=KEPT)
def _by_likeness(text: str) -> Guess:
    """Return the class whose name or product is most like a text; confidence at most 0.75."""
    words = key(text)
    if len(words) < 3:
        return Guess()
    texts, codes = _known_texts()
    best = process.extractOne(words, texts, scorer=fuzz.token_sort_ratio, score_cutoff=60)
    return Guess(codes[best[2]], round(0.75 * best[1] / 100, 2), "likeness") if best else Guess()


def material_codes(stated: pd.Series, faults: Faults, field: str = "material") -> pd.Series:
    """Return the code of every material named or coded; one that is not known is told and left out."""
    codes = by_value(stated, material_code)
    unknown = stated.notna() & (codes == "")
    faults.warn(
        stated.index[unknown], field, "material-unknown", stated,
        "Nguyên liệu không có trong danh mục: để trống.", "The material is not in the list: left empty.",
    )  # fmt: skip
    return codes.where(codes != "", None)


@cache
def material_code(text: str) -> str:
    """Return the code of a material by code, name or words; an empty text when it is not known."""
    catalogue = materials.catalogue()
    words = key(text)
    if text in catalogue.index:
        return text
    names = {
        key(str(row[c])): str(code) for code, row in catalogue.iterrows() for c in ("name_vi", "name_en")
    }
    if words in names:
        return names[words]
    for form in (words.removeprefix(p) for p in ("cay ", "hat ", "qua ", "trai ", "cu ", "la ", "go ")):
        if form in names:
            return names[form]
    found = {product_words.infer_material(d, text, "") for d in ("10", "11", "13", "16", "20", "22")} - {""}
    return found.pop() if len(found) == 1 else ""


def _inferred_materials(out: pd.DataFrame, product: pd.Series, name: pd.Series) -> pd.Series:
    """Return the main raw material that product or name say within the division of a row."""
    division = out["sector_code"].map(lambda code: code[:2] if isinstance(code, str) else "")
    said = product.where(product.notna(), name)  # a name is asked only where no product is stated
    return by_value(
        zipped(division, said), lambda t: product_words.infer_material(t[0], t[1] or "", "") or None
    )
