"""The words of the templates: examples, how every column is filled in, lists, in both languages.

Pairs are (Vietnamese, English). The establishments of the examples are invented and say so by their names.
"""

from __future__ import annotations

from typing import Any

#: Sheets: data, examples, explanation, lists.
SHEETS = {
    "vi": ("Nhập liệu", "Ví dụ", "Giải thích", "Danh mục"),
    "en": ("Data", "Example", "Explanation", "Lists"),
}
WIDTHS = {"name": 34, "product": 26, "commune": 24, "district": 24, "source": 30, "source_url": 30, "material": 22,
          "lat": 12, "lon": 12, "year": 8, "employees": 12, "sector_code": 12, "support_need": 26}  # fmt: skip
#: Field → values of its list: Vietnamese, English, as stored.
CHOICES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "vintage": (("34 tỉnh", "2025", "2025"), ("63 tỉnh", "pre2025", "pre2025")),
    "craft_village": (("có", "yes", "True"), ("không", "no", "False")),
    "owner_flags": (("phụ nữ", "women", "women"), ("dân tộc thiểu số", "ethnic minority", "ethnic_minority")),
    "support_need": (
        ("máy móc", "machinery", "machinery"), ("đào tạo", "training", "training"),
        ("nguyên liệu", "materials", "materials"), ("thị trường", "market", "market"), ("mặt bằng", "space", "space"),
    ),
}  # fmt: skip
#: Columns of which a cell may hold several values: their list only proposes.
MANY = ("owner_flags", "support_need")

_TEA = {
    "name": "HTX chè Ví Dụ", "tax_code": "4600123459", "sector_code": "1076", "product": "Chè xanh", "material": "Chè búp tươi",
    "need_tonnes": 120, "origin_province": "Phú Thọ", "employees": 25, "revenue_vnd_million": 3500, "vintage": "63 tỉnh",
    "province": "Thái Nguyên", "district": "Thành phố Thái Nguyên", "commune": "Xã Tân Cương", "craft_village": "có",
    "owner_flags": "phụ nữ", "support_need": "máy móc, đào tạo", "year": 2025, "source": "Khảo sát của Sở Công Thương",
}  # fmt: skip
_COFFEE = {
    "name": "Công ty TNHH cà phê Ví Dụ", "sector_code": "1077", "product": "Cà phê rang xay", "material": "Cà phê",
    "need_tonnes": 300, "origin_province": "Đắk Lắk", "employees": 40, "revenue_vnd_million": 12000, "vintage": "34 tỉnh",
    "province": "Lâm Đồng", "commune": "Phường 1 Bảo Lộc" , "craft_village": "không", "support_need": "thị trường", "year": 2025,
    "source": "Khảo sát của Sở Công Thương",
}  # fmt: skip
_POTTERY = {
    "name": "Cơ sở gốm Ví Dụ", "product": "Gốm mỹ nghệ", "employees": 8, "vintage": "63 tỉnh", "province": "Bắc Ninh",
    "district": "Huyện Quế Võ", "commune": "Xã Phù Lãng", "lat": 21.1489, "lon": 106.2453, "craft_village": "có",
    "support_need": "mặt bằng", "year": 2025, "source": "Khảo sát của Sở Công Thương",
}  # fmt: skip
_SUPPLY = (
    {"material": "Cà phê", "vintage": "34 tỉnh", "province": "Lâm Đồng", "quantity_tonnes": 1500, "year": 2025,
     "source": "Số minh họa, không phải số thống kê"},
    {"material": "Chè búp tươi", "vintage": "63 tỉnh", "province": "Thái Nguyên", "quantity_tonnes": 820.5, "year": 2024,
     "source": "Số minh họa, không phải số thống kê"},
)  # fmt: skip
EXAMPLES: dict[str, tuple[dict[str, Any], ...]] = {
    "establishments": (_TEA, _COFFEE, _POTTERY),
    "needs": (_TEA, _COFFEE),
    "materials": _SUPPLY,
}

HOW_OF_TYPE = {
    "text": ("Chữ.", "Text."),
    "quantity": ("Số từ 0 trở lên, không ghi đơn vị trong ô; không rõ thì để trống (đừng ghi 0).",
                 "A number of 0 or more, without a unit in the cell; leave it empty where not known (not 0)."),
    "whole": ("Số nguyên từ 1 trở lên; không rõ thì để trống.", "A whole number of 1 or more; empty where not known."),
    "place": ("Tên hoặc mã, có dấu hay không dấu đều được.", "A name or a code, with or without diacritics."),
    "flags": ("Một hoặc nhiều giá trị, cách nhau bằng dấu phẩy: {}.", "One or more, parted by commas: {}."),
    "choice": ("Một trong: {}.", "One of: {}."),
    "yes": ("“có” hoặc “không”.", '"yes" or "no".'),
}  # fmt: skip
HOW = {
    "name": ("Tên đầy đủ của cơ sở, như trong giấy đăng ký.", "The full name of the establishment, as registered."),
    "tax_code": ("10 chữ số, 10 chữ số kèm “-001”, hoặc 12 chữ số. Có mã số thuế thì nhận ra cơ sở trùng chắc chắn hơn.",
                 'Ten digits, ten digits with "-001", or twelve digits. With it, duplicates are found more surely.'),
    "sector_code": ("Mã ngành VSIC cấp 4 (hoặc cấp 2), xem trang “Danh mục”; để trống thì suy từ sản phẩm.",
                    'VSIC class (or division), see the sheet "Lists"; empty: read from the product.'),
    "product": ("Sản phẩm chính, bằng lời; dùng để suy ra mã ngành khi ô mã ngành để trống.",
                "The main product in words; the sector is read from it where no code is given."),
    "material": ("Chọn trong danh sách; nguyên liệu khác thì ghi bằng lời.", "Choose from the list, or write it in words."),
    "need_tonnes": ("Số tấn nguyên liệu chính cần trong một năm; không rõ thì để trống (đừng ghi 0).",
                    "Tonnes of the main raw material needed in a year; empty where not known (not 0)."),
    "origin_province": ("Tỉnh cung cấp phần lớn nguyên liệu, theo cùng bộ tỉnh với cơ sở.",
                        "The province most of it comes from, of the same set of provinces as the establishment."),
    "revenue_vnd_million": ("Doanh thu một năm, triệu đồng; không rõ thì để trống.",
                            "Revenue of a year in million VND; empty where not known."),
    "vintage": ("“34 tỉnh” nếu địa danh theo đơn vị hành chính từ 01/7/2025; “63 tỉnh” nếu theo tên trước ngày đó. Bảy tên tỉnh "
                "có ở cả hai bộ, nên phải ghi.",
                "2025 if the places are those since 1 July 2025 (34 provinces), pre2025 if those before (63). Seven names are in "
                "both, so this must be said."),
    "province": ("Chọn trong danh sách, hoặc ghi tên tỉnh, thành phố (có dấu hay không dấu).",
                 "Choose from the list, or write the province (with or without diacritics)."),
    "district": ("Chỉ dùng với bộ 63 tỉnh; bộ 34 tỉnh thì để trống.", "For the 63 provinces only; empty for the 34."),
    "commune": ("Tên xã, phường, thị trấn, đặc khu; giúp đặt cơ sở đúng chỗ khi không có tọa độ.",
                "Name of the commune or ward; it places the establishment where there are no coordinates."),
    "lat": ("Vĩ độ, độ thập phân (ví dụ 21,0285) hoặc độ phút giây; không có thì để trống.",
            "Latitude in decimal degrees (such as 21.0285) or degrees-minutes-seconds; may be empty."),
    "lon": ("Kinh độ, độ thập phân (ví dụ 105,8542) hoặc độ phút giây; không có thì để trống.",
            "Longitude in decimal degrees (such as 105.8542) or degrees-minutes-seconds; may be empty."),
    "craft_village": ("“có” nếu cơ sở nằm trong làng nghề được công nhận, nếu không thì “không”.",
                      '"yes" if the establishment is in a recognised craft village, else "no".'),
    "quantity_tonnes": ("Sản lượng một năm của cả tỉnh, tấn; chưa có số liệu thì để trống dòng, đừng ghi 0.",
                        "Production of the whole province in a year, tonnes; leave the row out where there is no figure."),
    "year": ("Năm của số liệu, bốn chữ số.", "The year of the figure, four digits."),
    "source": ("Nơi có số liệu: tên khảo sát, báo cáo, niên giám.", "Where the figure is from: survey, report, yearbook."),
    "source_url": ("Địa chỉ trang có số liệu, nếu có.", "Address of the page with the figure, if any."),
}  # fmt: skip

_RULES = (
    ("Ghi vào trang “Nhập liệu”, mỗi dòng một {}. Đừng đổi tên các cột; cột không dùng có thể bỏ trống hoặc xóa.",
     'Fill in the sheet "Data", one row for each {}. Keep the titles; columns that are not used may be left empty or deleted.'),
    ("Cột nền xanh đậm là cột cần có. Trang “Ví dụ” cho thấy cách ghi; các dòng ở đó là bịa ra và không được nhập.",
     'Dark blue titles must be filled in. The sheet "Example" shows how; its rows are invented and never imported.'),
    ("Chưa biết thì để trống, đừng ghi 0. Dòng có lỗi được trả lại kèm lý do, các dòng khác vẫn vào; số dòng luôn khớp.",
     "Leave empty what is not known, never 0. Rows at fault come back with the reason, the others go in; counts always agree."),
)  # fmt: skip
_KIND_WORDS = {
    "establishments": (("Mẫu nhập danh sách cơ sở công nghiệp nông thôn", "cơ sở"),
                       ("Template: establishments of rural industry", "establishment")),
    "needs": (("Mẫu khảo sát nhu cầu của cơ sở (nguyên liệu, hỗ trợ)", "nhu cầu của một cơ sở"),
              ("Template: survey of needs (raw material, support)", "need of an establishment")),
    "materials": (("Mẫu nhập sản lượng nguyên liệu theo tỉnh", "nguyên liệu của một tỉnh trong một năm"),
                  ("Template: raw materials by province", "material of a province in a year")),
}  # fmt: skip
#: Kind → (Vietnamese, English) → heading and rules of the explanation.
ABOUT = {
    kind: tuple(
        (words[0], *(rule[place].format(words[1]) for rule in _RULES)) for place, words in enumerate(pair)
    )
    for kind, pair in _KIND_WORDS.items()
}
#: Titles of the lists by place. They must not read like titles of data: the lists are no table to import.
LIST_TITLES: dict[Any, Any] = {
    0: ("Tên tỉnh của cả hai bộ (34 và 63)", "Names of both sets of provinces (34 and 63)"),
    1: ("34 tên từ 01/7/2025", "The 34 names since 1 July 2025"),
    2: ("Danh sách nguyên liệu", "List of raw materials"),
    3: ("Mã trong VSIC 2018", "Code in VSIC 2018"),
    4: ("Diễn giải của mã", "Meaning of the code"),
    5: ("Theo bộ nào", "Of which set"),
    6: ("Có hay không", "Yes or no"),
    7: ("Nhóm ưu tiên", "Priority groups"),
    8: ("Các loại hỗ trợ", "Kinds of support"),
    "explanation": (("Ô", "Tên cột", "Bắt buộc", "Cách ghi", "Ví dụ"), ("Cell", "Title", "Needed", "How to fill it in", "Example")),
    "must": (("cần có", "tùy ý"), ("needed", "optional")),
}  # fmt: skip
