"""Maps for paper and projector: whole, legible, with both archipelagos, the same every time."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from pyproj import Geod

from geo import palette
from geo.cartography import frame as frames
from geo.cartography import furniture, ground, layers, plane
from geo.cartography.frame import Box
from geo.cartography.lettering import broken, width_mm
from geo.cartography.model import Flows, KeyBlock, KeyRow, Marks, Picture, Tint
from geo.cartography.render import render
from geo.cartography.sheets import SHEETS, sheet
from geo.errors import ParameterError
from geo.places import admin

CODES = tuple(admin.provinces("2025").index)
FLOWS = pd.DataFrame(
    {
        "origin_lat": [12.0, 21.3], "origin_lon": [108.4, 105.4], "dest_lat": [10.8, 21.0], "dest_lon": [106.7, 105.8],
        "width_mm": [2.0, 0.8], "colour": palette.KINDS["material"], "label": ["96.000 tấn", ""],
    }
)  # fmt: skip


def picture(**changes: object) -> Picture:
    """A picture with every kind of thing on it."""
    colours = dict.fromkeys(CODES[:20], palette.SEQUENTIAL[2])
    marks = pd.DataFrame({"lat": [16.0], "lon": [108.2], "radius_mm": [2.0], "colour": ["#0072B2"]})
    held = {
        "title": "Lâm Đồng cấp cà phê cho Thành phố Hồ Chí Minh", "filters": "Bộ lọc: mọi vùng",
        "data_label": "Danh sách thực, 494 cơ sở", "source": "Nguồn: Cục Thống kê, 2024 · 34 tỉnh",
        "layers": (Tint("province", colours, frozenset(CODES[20:])), Flows(FLOWS), Marks(marks)),
        "key": (KeyBlock("Cà phê (tấn)", (KeyRow("fill", "1–5", "#68abb0", count="20"), KeyRow("hatch", "chưa có số liệu"),
                                          KeyRow("arrow", "100.000", "#D55E00", 2.0), KeyRow("diamond", "cảng"))),),
        "facts": (("Lâm Đồng → Hồ Chí Minh", "96.000 tấn"),), "facts_title": "Luồng lớn nhất",
    }  # fmt: skip
    return Picture(**{**held, **changes})  # type: ignore[arg-type]


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height that a PNG states of itself."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(("name", "pixels"), [("screen", (1920, 1080)), ("a4-portrait", (2480, 3507))])
def test_a_png_has_the_size_of_its_sheet(name: str, pixels: tuple[int, int]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a sign missing from the fonts is a warning
        assert size_of(render(picture(), name, "png")) == pixels


def test_the_same_picture_gives_the_same_file() -> None:
    for form in ("svg", "pdf"):
        assert render(picture(), "a4", form) == render(picture(), "a4", form)


def test_the_text_of_a_pdf_is_text_and_complete() -> None:
    body = render(picture(demo=True), "a4", "pdf")
    assert body.startswith(b"%PDF")
    assert b"BeVietnamPro" in body
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL)
    pages = [zlib.decompress(stream) for stream in streams if stream[:1] == b"x"]
    assert sum(page.count(b" Tf") for page in pages) > 20


def test_every_vietnamese_letter_is_in_the_fonts() -> None:
    letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        render(
            picture(title=letters, filters=letters.upper(), source="→ − – … “” · ≥ ≤ ² ‰"), "screen", "png"
        )


@pytest.mark.parametrize("focus", [(), ("68", "79")], ids=["country", "some provinces"])
def test_both_archipelagos_are_on_every_sheet(focus: tuple[str, ...]) -> None:
    for lang, words in (
        ("vi", ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa")),
        ("en", ("Hoang Sa", "Truong Sa")),
    ):
        written = written_on(picture(focus=focus, lang=lang))
        for word in words:
            assert any(word in text for text in written), (word, written)


def written_on(shown: Picture) -> list[str]:
    """Every text that is drawn inside its frame."""
    from geo.cartography import render as module

    figure = module._figure(shown, sheet("a4"), "screen")
    out = []
    for axes in figure.axes:
        (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
        out += [
            text.get_text() for text in axes.texts
            if west <= text.get_position()[0] <= east and south <= text.get_position()[1] <= north
        ]  # fmt: skip
    return out


def test_names_do_not_overlap_and_the_chosen_provinces_are_named() -> None:
    written = written_on(picture(focus=("68", "79")))
    assert {"Lâm Đồng", "Hồ Chí Minh"} <= set(written)


def test_the_scale_bar_is_true_within_one_percent() -> None:
    figure, paper = Figure(), sheet("a4")
    geod = Geod(ellps="WGS84")
    for codes in ((), ("01",), ("96", "91"), CODES):
        extent = plane.around("2025", codes) if codes else plane.country()
        frame = frames.opened(figure, paper, Box(10, 10, 150, 150), extent)
        km = furniture.scale_bar(frame, 8, "vi")
        middle = (frame.extent[1] + frame.extent[3]) / 2
        west = (frame.extent[0] + frame.extent[2]) / 2
        back = plane._transformer()
        (lon1, lat1), (lon2, lat2) = (
            back.transform(x, middle, direction="INVERSE") for x in (west, west + km * 1000)
        )
        assert geod.inv(lon1, lat1, lon2, lat2)[2] / 1000 == pytest.approx(km, rel=0.012)


def test_a_ribbon_ends_at_its_receiver_and_there_and_back_part() -> None:
    one, two = np.array([0.0, 0.0]), np.array([100.0, 0.0])
    there = layers.ribbon(one, two, 4.0, arrow=True)
    back = layers.ribbon(two, one, 4.0, arrow=True)
    assert np.isclose(there, two).all(axis=1).any()
    assert there[:, 1].min() < -4
    assert back[:, 1].max() > 4
    assert np.allclose(there[0], there[-1])


def test_lines_are_broken_to_their_width() -> None:
    text = "Sản xuất giường, tủ, bàn, ghế và các sản phẩm từ gỗ, tre, nứa, rơm, rạ"
    lines = broken(text, "regular", 9, 40)
    assert " ".join(lines) == text
    assert all(width_mm(line, "regular", 9) <= 40 for line in lines)
    cut = broken(text, "regular", 9, 40, 2)
    assert len(cut) == 2
    assert cut[-1].endswith("…")


def test_unknown_sheets_and_forms_are_refused() -> None:
    for ask in (("a5", "png"), ("a4", "gif")):
        with pytest.raises(ParameterError):
            render(picture(), *ask)
    assert set(SHEETS) == {"screen", "a4", "a4-portrait", "a3", "a3-portrait"}


def test_a_tint_hatches_what_has_no_figure() -> None:
    figure, paper = Figure(), sheet("a4")
    frame = frames.opened(figure, paper, Box(10, 10, 150, 150), plane.country())
    ground.draw(frame, picture(), "screen")
    hatched = [c for c in frame.axes.collections if c.get_hatch()]
    assert len(hatched) == 1
    assert len(hatched[0].get_paths()) == len(CODES) - 20
    assert io.BytesIO(render(picture(), "screen", "png")).getbuffer().nbytes > 50_000
