"""The read-only answer of ``/api/cells``: establishments by viewport, every parameter checked."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from geo.errors import GeoError, ParameterError
from geo.store import catalog, cells
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import sectors as sector_table

LISTS = ("regions", "provinces", "sectors", "materials", "years", "sizes")
PARAMETERS = ("dataset", "version", "vintage", "region_set", *LISTS, "bbox", "zoom", "lang")
MAX_QUERY = 6_000
MAX_ITEMS = 300
_KEPT_ANSWERS = 96


@dataclass(frozen=True)
class Question:
    """A checked request: what to show, where and at which zoom."""

    dataset: Dataset
    filters: Filters
    bbox: tuple[float, float, float, float]
    zoom: float
    lang: str

    @property
    def etag(self) -> str:
        """Name of the answer: the same data and question always have the same one."""
        text = repr((self.dataset.name, self.dataset.version, self.filters, self.bbox, self.zoom, self.lang))
        return f'"{self.dataset.version}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def cells_query(dataset: Dataset, filters: Filters, lang: str = "vi") -> str:
    """Return the query of ``/api/cells`` for a view; the map adds ``bbox`` and ``zoom``."""
    checked = filters.normalised()
    pairs: dict[str, str] = {
        "dataset": dataset.name,
        "version": dataset.version,
        "vintage": checked.vintage,
        "region_set": checked.region_set or "",
        "lang": "en" if lang == "en" else "vi",
    }
    pairs |= {name: ",".join(map(str, getattr(checked, name))) for name in LISTS}
    return urlencode({name: value for name, value in pairs.items() if value})


def language(parameters: Mapping[str, str]) -> str:
    """Return the language an error is said in."""
    return "en" if parameters.get("lang") == "en" else "vi"


def read(pairs: Iterable[tuple[str, str]], query_length: int = 0) -> Question:
    """Check every parameter of a request.

    Parameters
    ----------
    pairs : iterable of (name, value)
        Query parameters as they came; unknown and repeated names are refused.
    query_length : int
        Length of the raw query in characters.

    Raises
    ------
    ParameterError, StoreError
        With a sentence that names the parameter.
    """
    if query_length > MAX_QUERY:
        raise _wrong(
            "query", f"{query_length} ký tự", f"{query_length} characters", f"≤ {MAX_QUERY}", f"≤ {MAX_QUERY}"
        )
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in PARAMETERS or name in given:
            raise _wrong(
                name[:40],
                "thừa hoặc lặp lại",
                "unknown or repeated",
                ", ".join(PARAMETERS),
                ", ".join(PARAMETERS),
            )
        given[name] = value
    if given.get("lang", "vi") not in ("vi", "en"):
        raise _wrong("lang", given["lang"][:20], given["lang"][:20], "vi, en", "vi, en")
    filters = Filters(
        vintage=given.get("vintage", "2025"),
        region_set=given.get("region_set") or None,
        **{name: _items(name, given.get(name, "")) for name in LISTS},
    ).normalised()
    if not given.get("dataset"):
        raise _wrong("dataset", "để trống", "nothing", "tên một bộ dữ liệu", "the name of a dataset")
    dataset = catalog.open_dataset(given["dataset"][:80], version=given.get("version"), paths_too=False)
    return Question(
        dataset, filters, _box(given.get("bbox", "")), _zoom(given.get("zoom", "")), language(given)
    )


def answer(question: Question) -> bytes:
    """Return the gzipped JSON answer; recent ones are kept, so that panning back costs nothing."""
    kept = _answers.get(question.etag)
    if kept is not None:
        return kept
    body = cells.answer(question.dataset, question.filters, question.bbox, question.zoom)
    if body["kind"] == "points":
        codes = {feature["sector_code"] for feature in body["features"] if feature.get("sector_code")}
        body["sectors"] = {code: _label(code, question.lang) for code in sorted(codes)}
    text = json.dumps(_plain(body), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    packed = gzip.compress(text.encode("utf-8"), compresslevel=5, mtime=0)
    _answers.put(question.etag, packed)
    return packed


class _Recent:
    """The most recent answers; safe from several threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, value: bytes) -> None:
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)


_answers = _Recent(_KEPT_ANSWERS)


@lru_cache(maxsize=2048)
def _label(code: str, lang: str) -> str:
    """Name a sector; a code outside the table keeps its code."""
    try:
        return sector_table.label(code, lang)
    except (GeoError, KeyError):
        return code


def _items(name: str, text: str) -> tuple[Any, ...]:
    """Split a list parameter; years become whole numbers."""
    values = [value for value in text.split(",") if value]
    if len(values) > MAX_ITEMS:
        raise _wrong(
            name, f"{len(values)} giá trị", f"{len(values)} values", f"≤ {MAX_ITEMS}", f"≤ {MAX_ITEMS}"
        )
    if name != "years":
        return tuple(values)
    for value in values:
        if not (value.isascii() and value.isdigit() and len(value) == 4):
            raise _wrong("years", value[:20], value[:20], "năm bốn chữ số", "years of four digits")
    return tuple(int(value) for value in values)


def _box(text: str) -> tuple[float, float, float, float]:
    """Read the box; its edges are rounded outwards so that a pan of a pixel asks the same question."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise _wrong(
            "bbox", text[:60], text[:60], "tây,nam,đông,bắc (độ)", "west,south,east,north (degrees)"
        ) from None
    return west, south, east, north


def _zoom(text: str) -> float:
    """Read the zoom; quarter steps, as the map has."""
    try:
        value = float(text)
    except ValueError:
        raise _wrong("zoom", text[:20], text[:20], "số từ 0 đến 22", "a number from 0 to 22") from None
    if not 0 <= value <= 22:
        raise _wrong("zoom", text[:20], text[:20], "số từ 0 đến 22", "a number from 0 to 22")
    return round(value * 4) / 4


def _wrong(name: str, came_vi: str, came_en: str, wanted_vi: str, wanted_en: str) -> ParameterError:
    """Say which parameter is wrong, what came and what was expected."""
    return ParameterError(
        vi=f"Tham số “{name}” không hợp lệ: cần {wanted_vi}, nhưng nhận được “{came_vi}”; hãy mở lại bản đồ.",
        en=f'The parameter "{name}" is not valid: expected {wanted_en}, but "{came_en}" came; open the map again.',
    )


def _plain(value: Any) -> Any:
    """Turn numpy scalars and gaps into plain JSON values."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None
    return value
