"""The few words that stand on every map, in both languages."""

from __future__ import annotations

_WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "no_figure": "chưa có số liệu",
        "to": "đến",
        "no_figures": "Chưa có số liệu",
        "scheme_quantiles": "Chia theo phân vị; bên phải: số đơn vị.",
        "scheme_jenks": "Ngắt tự nhiên (Jenks); bên phải: số đơn vị.",
        "scheme_diverging": "Cam: thiếu; xanh: dư. Phân vị mỗi phía; bên phải: số đơn vị.",
        "flow_note": "Rộng theo căn bậc hai của lượng; mũi tên chỉ nơi nhận.",
        "legend": "Chú giải",
        "fullscreen": "Toàn màn hình",
        "leave_fullscreen": "Thóat toàn màn hình",
        "home": "Về toàn quốc",
        "zoom_in": "Phóng to",
        "zoom_out": "Thu nhỏ",
        "map": "Bản đồ",
        "credit_note": "Ranh giới minh họa, không có giá trị pháp lý",
        "credit": "© OpenStreetMap (ODbL), vietnamadminunits (MIT)",
        "credit_own": "Ranh giới: tệp của đơn vị; nền © OpenStreetMap (ODbL)",
        "shapes_failed": "Không tải được ranh giới. Kiểm tra kết nối tới máy chủ rồi thử lại.",
        "retry": "Thử lại",
        "loading": "Đang tải cơ sở…",
        "failed": "Không tải được các cơ sở.",
        "hexagons": "{total} cơ sở, ô lục giác cạnh khoảng {edge} km",
        "points": "{shown} cơ sở trong khung nhìn",
        "cut": "hiển thị {shown} / {total} cơ sở — phóng to để xem hết",
        "none": "Không có cơ sở nào trong khung nhìn với bộ lọc này",
        "no_coordinates": "{n} cơ sở chưa có tọa độ",
        "cell_unit": "cơ sở/ô",
        "cell": "{n} cơ sở",
        "cell_employees": "{n} lao động (số đã khai)",
        "place_point": "Vị trí: tọa độ riêng",
        "place_commune": "Vị trí: theo xã (gần đúng)",
        "commune_mark": "vòng đứt nét: chỉ biết đến xã",
        "close": "Đóng",
    },
    "en": {
        "no_figure": "no figure",
        "to": "to",
        "no_figures": "No figures",
        "scheme_quantiles": "By quantiles; right: number of areas.",
        "scheme_jenks": "Natural breaks (Jenks); right: number of areas.",
        "scheme_diverging": "Orange: shortage; blue: surplus. Quantiles on either side; right: number of areas.",
        "flow_note": "Width by the square root of the amount; arrows point to the receiver.",
        "legend": "Legend",
        "fullscreen": "Full screen",
        "leave_fullscreen": "Leave full screen",
        "home": "Whole country",
        "zoom_in": "Zoom in",
        "zoom_out": "Zoom out",
        "map": "Map",
        "credit_note": "Borders are illustrative, without legal force",
        "credit": "© OpenStreetMap (ODbL), vietnamadminunits (MIT)",
        "credit_own": "Borders: the organisation's file; ground © OpenStreetMap (ODbL)",
        "shapes_failed": "The borders could not be loaded. Check the connection to the server and try again.",
        "retry": "Try again",
        "loading": "Loading establishments…",
        "failed": "The establishments could not be loaded.",
        "hexagons": "{total} establishments in hexagons, edge about {edge} km",
        "points": "{shown} establishments in view",
        "cut": "showing {shown} of {total} establishments — zoom in to see all",
        "none": "No establishment in view with these filters",
        "no_coordinates": "{n} without coordinates",
        "cell_unit": "per cell",
        "cell": "{n} establishments",
        "cell_employees": "{n} employees (as stated)",
        "place_point": "Place: own coordinates",
        "place_commune": "Place: commune only (approximate)",
        "commune_mark": "dashed ring: known to the commune only",
        "close": "Close",
    },
}  # fmt: skip


def words(lang: str) -> dict[str, str]:
    """Return the words of a language; anything but ``en`` is Vietnamese."""
    return _WORDS["en" if lang == "en" else "vi"]


def languages() -> dict[str, dict[str, str]]:
    """Return all words, for tests that compare the languages."""
    return {lang: dict(table) for lang, table in _WORDS.items()}
