"""What the codes of faults mean, in a few words of both languages, for tables that count faults by kind."""

from __future__ import annotations

from collections.abc import Mapping

#: code → (Vietnamese, English).
WORDS: Mapping[str, tuple[str, str]] = {
    "name-missing": ("Thiếu tên cơ sở", "Name missing"),
    "material-missing": ("Thiếu tên nguyên liệu", "Raw material missing"),
    "quantity_tonnes-missing": ("Thiếu sản lượng", "Quantity missing"),
    "year-missing": ("Thiếu năm", "Year missing"),
    "province-missing": ("Không có tỉnh", "No province"),
    "province-unknown": ("Không có tỉnh tên như vậy", "No province of this name"),
    "province-spelling": ("Tên tỉnh viết gần đúng", "Province nearly spelled"),
    "vintage-unclear": ("Tên có cả ở tỉnh cũ và tỉnh mới", "Name of an old and a new province"),
    "district-former": ("Huyện cũ ghi dưới tỉnh mới", "Former district under its new province"),
    "commune-unknown": ("Không tìm thấy xã", "Commune not found"),
    "commune-spelling": ("Tên xã viết gần đúng", "Commune nearly spelled"),
    "commune-former": ("Tên xã trước 01/7/2025", "Commune of before 1 July 2025"),
    "commune-province": ("Mã xã không thuộc tỉnh đã ghi", "Commune code of another province"),
    "address-read": ("Nơi chốn đọc từ địa chỉ", "Place read from the address"),
    "coordinate": ("Không đọc được tọa độ", "Coordinates not readable"),
    "coordinate-half": ("Chỉ có một trong hai tọa độ", "Only one of two coordinates"),
    "coordinate-swapped": ("Vĩ độ, kinh độ bị đảo", "Latitude and longitude swapped"),
    "coordinate-no-point": ("Tọa độ mất dấu thập phân", "Coordinates without their decimal point"),
    "coordinate-outside": ("Điểm ngoài Việt Nam", "Point outside Viet Nam"),
    "coordinate-zero": ("Tọa độ 0; 0", "Coordinates 0; 0"),
    "plane-zone": ("VN-2000 chưa rõ kinh tuyến trục", "VN-2000 of unknown zone"),
    "point-outside-province": ("Điểm ngoài tỉnh đã ghi", "Point outside its province"),
    "sector-unknown": ("Không có mã ngành này", "No such sector code"),
    "sector-version": ("Mã ngành khác nghĩa giữa hai bản VSIC", "Sector code differs between VSIC editions"),
    "sector-cut": ("Mã ngành dài hơn 4 chữ số, đã cắt", "Sector code longer than 4 digits, cut"),
    "material-unknown": ("Không rõ nguyên liệu nào", "Raw material not known"),
    "need-empty": ("Dòng nhu cầu không ghi nhu cầu nào", "Row of needs without any need"),
    "need-material": ("Có nhu cầu nhưng không rõ nguyên liệu", "Need without a raw material"),
    "origin-unknown": ("Không rõ tỉnh mua nguyên liệu", "Province of origin not known"),
    "establishment-unknown": ("Không tìm thấy cơ sở", "Establishment not found"),
    "supply-twice": ("Một số liệu ghi hai lần", "The same figure twice"),
    "supply-replaced": ("Số liệu mới thay số liệu đã có", "A figure that takes the place of another"),
    "year-to-come": ("Năm chưa tới", "A year to come"),
    "tax-code": ("Mã số thuế sai dạng", "Tax code of a wrong form"),
    "tax-check": ("Chữ số kiểm tra mã số thuế không khớp", "Check digit of the tax code does not agree"),
    "yes-no": ("Cần ghi có hoặc không", "Neither yes nor no"),
    "choice": ("Giá trị ngoài danh sách", "Value outside the list"),
    "year": ("Năm ngoài khoảng cho phép", "Year out of range"),
    "whole": ("Không phải số nguyên hợp lệ", "Not a fitting whole number"),
    "unit": ("Không nhận ra đơn vị", "Unit not known"),
    "number": ("Không phải số hợp lệ", "Not a fitting number"),
}


def words(code: str, lang: str = "vi") -> str:
    """Return what a code means in ``lang`` (``vi`` or ``en``); an unknown one stands for itself."""
    pair = WORDS.get(code, (code, code))
    return pair[1] if lang == "en" else pair[0]
