"""The input–output table: how much of one sector's products goes into a unit of another's.

No machine-readable table of Viet Nam is public, so the shipped one is that of another country (China 2018,
OECD). It says which links between sectors exist and how they rank, never an amount of money in Viet Nam. A
table of the user's own, once dropped in, stands in its place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo import paths
from geo.errors import DataError
from geo.subjects import io_file
from geo.subjects.shipped import table

SHIPPED = "io_coefficients_proxy.csv"
COLUMNS = ["upstream_code", "downstream_code", "coefficient"]
_FOLDER = "io_table"
_CODE = re.compile(r"[A-Z]?(\d\d)(?:-(\d\d))?")


@dataclass(frozen=True)
class IoTable:
    """Coefficients with what is to be said of them.

    Parameters
    ----------
    rows : DataFrame
        ``upstream_code``, ``downstream_code`` (VSIC/ISIC division ``16`` or group of divisions ``C10-12``),
        ``coefficient`` (value of upstream products in a unit of downstream output, 0–1); sorted by codes.
    source : str
        Where the table comes from; empty when the user did not say.
    year : int or None
        Year of the table, where known.
    foreign : bool
        It is the structure of another country.
    shipped : bool
        It is the one that comes with the product.
    """

    rows: pd.DataFrame
    source: str
    year: int | None
    foreign: bool
    shipped: bool

    def label(self, lang: str = "vi") -> str:
        """Return one sentence about the table: whose structure it is and what it is good for."""
        english = lang == "en"
        if self.shipped:
            return (
                f"Structure of another country (China {self.year}, OECD), because no machine-readable table of "
                "Viet Nam is public; it ranks links between sectors and says nothing about money."
                if english
                else f"Cơ cấu liên ngành của nước khác (Trung Quốc {self.year}, OECD) vì chưa có bảng cân đối "
                "liên ngành Việt Nam công khai ở dạng máy đọc được; chỉ dùng để xếp thứ bậc liên kết, không "
                "dùng để tính tiền."
            )
        source = self.source or ("source not stated" if english else "chưa ghi nguồn")
        foreign = (" (structure of another country)" if english else " (cơ cấu của nước khác)") * self.foreign
        if english:
            return f"Input–output table brought in: {source}{foreign}; it ranks links between sectors."
        return f"Bảng cân đối liên ngành đã nạp: {source}{foreign}; dùng để xếp thứ bậc liên kết ngành."


def load() -> IoTable:
    """Return the table in force: the user's own, else the shipped one.

    Raises
    ------
    DataError
        If the user's stored copy is damaged.
    """
    folder = _folder()
    if not (folder / "about.json").exists():
        rows = table(SHIPPED, numbers=("coefficient", "year"))
        return IoTable(_sorted(rows), str(rows["source"].iloc[0]), int(rows["year"].iloc[0]), True, True)
    about = _about(folder / "about.json")
    rows = _checked(io_file.read(folder / "coefficients.csv"))
    return IoTable(_sorted(rows), about["source"], about["year"], about["foreign"], False)


def use(path: Path, *, source: str = "", year: int | None = None, foreign: bool = False) -> IoTable:
    """Check a table and keep a copy; from then on :func:`load` returns it.

    Parameters
    ----------
    path : Path
        CSV, either long (``upstream``, ``downstream``, ``coefficient``) or a square matrix with codes in the
        first column and the first row, upstream down the side.
    source : str
        Where the table comes from; said beside every result.
    year : int, optional
        Year of the table.
    foreign : bool
        It is the structure of another country.

    Raises
    ------
    DataError
        If the file is no such table: a code, a number, a repeated pair or a column that adds up to 1 or more.
    FileNotFoundError
        If there is no such file.
    """
    rows = _sorted(_checked(io_file.read(Path(path))))
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "coefficients.csv", rows.to_csv(index=False))
    about = {"source": source.strip(), "year": year, "foreign": foreign}
    # Written last: until it is there, the shipped table stays in force.
    _write(folder / "about.json", json.dumps(about, ensure_ascii=False))
    return load()


def reset() -> None:
    """Forget the user's table; the shipped one is in force again."""
    for name in ("about.json", "coefficients.csv"):
        (_folder() / name).unlink(missing_ok=True)


def version() -> str:
    """Return a text that changes whenever another table comes into force; a part of cache keys."""
    path = _folder() / "about.json"
    if not path.exists():
        return "shipped"
    state = path.stat()
    return f"{state.st_mtime_ns}-{state.st_size}"


def divisions(code: str) -> tuple[str, ...]:
    """Return the two-digit divisions that a code of the table stands for.

    Examples
    --------
    >>> divisions("C10-12"), divisions("16")
    (('10', '11', '12'), ('16',))

    Raises
    ------
    DataError
        If it is not a division or a range of divisions.
    """
    match = _CODE.fullmatch(code)
    first, last = (match[1], match[2] or match[1]) if match else ("", "")
    if not match or int(first) > int(last):
        raise DataError(
            vi=f"Mã ngành trong bảng liên ngành phải là ngành cấp 2 (ví dụ 16, C16) hoặc nhóm ngành cấp 2 "
            f"(ví dụ C10-12), nhưng nhận được “{code}”; hãy sửa mã đó.",
            en="A code of the input–output table must be a division (such as 16, C16) or a range of divisions "
            f'(such as C10-12), but "{code}" came; correct that code.',
        )
    return tuple(f"{number:02d}" for number in range(int(first), int(last) + 1))


def _folder() -> Path:
    """Return where the user's table is kept."""
    return paths.home() / _FOLDER


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the three columns, sorted by codes."""
    return rows[COLUMNS].sort_values(COLUMNS[:2], ignore_index=True)


def _write(path: Path, text: str) -> None:
    """Write a file in one stroke, so that a reader never sees half of it."""
    half = path.with_suffix(path.suffix + ".part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def _about(path: Path) -> dict:
    """Read what is known of the user's table."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        year = None if about["year"] is None else int(about["year"])
        return {"source": str(about["source"]), "year": year, "foreign": bool(about["foreign"])}
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            vi=f"Tệp mô tả bảng liên ngành {path} bị hỏng; hãy chạy “python -m geo chains reset” rồi nạp lại.",
            en=f'The description of the input–output table at {path} is damaged; run "python -m geo chains '
            'reset" and bring the table in again.',
        ) from error


def _checked(rows: pd.DataFrame) -> pd.DataFrame:
    """Refuse codes that overlap, pairs that repeat, and columns that are no coefficients."""
    codes = sorted(set(rows["upstream_code"]) | set(rows["downstream_code"]))
    owner: dict[str, str] = {}
    for code in codes:
        for division in divisions(code):
            if owner.setdefault(division, code) != code:
                raise DataError(
                    vi=f"Mỗi ngành cấp 2 chỉ thuộc một mã của bảng, nhưng ngành {division} nằm trong cả "
                    f"“{owner[division]}” và “{code}”; hãy giữ một mã.",
                    en=f'A division belongs to one code of the table, but {division} is in both "'
                    f'{owner[division]}" and "{code}"; keep one of them.',
                )
    twice = rows[rows.duplicated(COLUMNS[:2])]
    if len(twice):
        pair = " → ".join(twice.iloc[0][COLUMNS[:2]])
        raise DataError(
            vi=f"Mỗi cặp ngành chỉ có một dòng, nhưng cặp {pair} lặp lại; hãy giữ một dòng.",
            en=f"A pair of sectors has one row, but {pair} repeats; keep one row.",
        )
    sums = rows.groupby("downstream_code")["coefficient"].sum()
    if (sums >= 1).any():
        code = str(sums.idxmax())
        raise DataError(
            vi=f"Hệ số kỹ thuật của một ngành cộng lại phải dưới 1, nhưng cột {code} cộng thành "
            f"{sums[code]:.4g}; có thể tệp chứa giá trị tiền: hãy chia mỗi cột cho giá trị sản xuất của ngành.",
            en=f"The coefficients of a sector must add up to less than 1, but column {code} adds up to "
            f"{sums[code]:.4g}; the file may hold money flows: divide each column by the sector's output.",
        )
    return rows
