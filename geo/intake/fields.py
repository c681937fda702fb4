"""The fields an import can fill, as data: type, unit, allowed values, and the titles they go by.

A title is compared folded (no diacritics, case or punctuation) and without its unit in brackets. Every
field also goes by its own name and by the labels used in templates and exports, so these come back as
they went out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geo.errors import ParameterError
from geo.intake.model import KINDS
from geo.places.spelling import key


@dataclass(frozen=True)
class Field:
    """One field of an import.

    ``type``: text, id, tax, sector, choice, flags, yes, whole, year, quantity, place, degree, private.
    ``words``: titles it goes by. ``unit``: family of units (``mass``, ``money``). ``values``: folded word →
    stored value, for ``choice`` and ``flags``. ``low``/``high``: bounds, inside. A ``private`` column is
    recognised so that it can be left out.
    """

    name: str
    type: str
    vi: str
    en: str
    words: tuple[str, ...] = ()
    unit: str = ""
    values: tuple[tuple[str, str], ...] = ()
    low: float | None = None
    high: float | None = None

    def label(self, lang: str = "vi") -> str:
        """Return the title for people in ``lang`` (``vi`` or ``en``)."""
        return self.en if lang == "en" else self.vi


_VINTAGES = (
    ("2025", "2025"), ("34", "2025"), ("34 tinh", "2025"), ("moi", "2025"), ("tinh moi", "2025"), ("new", "2025"),
    ("sau 1 7 2025", "2025"), ("pre2025", "pre2025"), ("63", "pre2025"), ("63 tinh", "pre2025"),
    ("cu", "pre2025"), ("tinh cu", "pre2025"), ("old", "pre2025"), ("truoc 1 7 2025", "pre2025"),
)  # fmt: skip
_NEEDS = (
    ("machinery", "machinery"), ("may moc", "machinery"), ("thiet bi", "machinery"), ("may moc thiet bi", "machinery"),
    ("cong nghe", "machinery"), ("training", "training"), ("dao tao", "training"), ("dao tao nghe", "training"),
    ("tap huan", "training"), ("market", "market"), ("thi truong", "market"), ("xuc tien thuong mai", "market"),
    ("tieu thu", "market"), ("hoi cho", "market"), ("materials", "materials"), ("nguyen lieu", "materials"),
    ("vung nguyen lieu", "materials"), ("space", "space"), ("mat bang", "space"), ("dat dai", "space"),
    ("nha xuong", "space"),
)  # fmt: skip
_OWNERS = (
    ("women", "women"), ("nu", "women"), ("phu nu", "women"), ("chu la nu", "women"), ("phu nu lam chu", "women"),
    ("ethnic minority", "ethnic_minority"), ("dan toc thieu so", "ethnic_minority"), ("dtts", "ethnic_minority"),
    ("dong bao dan toc thieu so", "ethnic_minority"), ("nguoi dan toc thieu so", "ethnic_minority"),
)  # fmt: skip
_QUALITIES = (("point", "point"), ("diem", "point"), ("commune", "commune"), ("xa", "commune"),
              ("province", "province"), ("tinh", "province"))  # fmt: skip
_STATUSES = (
    ("stated", "stated"), ("khai bao", "stated"), ("inferred", "inferred"), ("suy ra", "inferred"),
    ("division only", "division only"), ("chi nganh cap 2", "division only"), ("none", "none"), ("chua ro", "none"),
)  # fmt: skip
_VERSIONS = (("2018", "2018"), ("vsic 2018", "2018"), ("2025", "2025"), ("vsic 2025", "2025"))

_PLACE = (
    Field("province", "place", "Tỉnh, thành phố", "Province",
          ("tinh", "tinh thanh", "tinh tp", "tinh thanh pho", "ten tinh", "thanh pho", "tinh thanh pho truc thuoc tw",
           "dia ban tinh", "city", "province name", "province city")),
    Field("province_code", "place", "Mã tỉnh", "Province code", ("ma tinh", "ma tinh tp", "ma tinh thanh pho", "ma dvhc tinh")),
    Field("district", "place", "Huyện (cũ)", "District (former)",
          ("huyen", "quan huyen", "huyen thi xa", "huyen tx tp", "ten huyen", "huyen thi xa thanh pho", "huyen cu",
           "huyen thi", "huyen quan", "quan", "district", "dia ban huyen", "huyen tp", "huyen thanh pho")),
    Field("commune", "place", "Xã, phường", "Commune",
          ("xa", "phuong", "xa phuong", "phuong xa", "xa phuong thi tran", "ten xa", "xa phuong dac khu", "xa tt",
           "phuong xa thi tran", "ward", "commune name", "dia ban xa")),
    Field("commune_code", "place", "Mã xã", "Commune code", ("ma xa", "ma phuong xa", "ma xa phuong")),
    Field("address", "place", "Địa chỉ", "Address",
          ("dia chi", "dia diem", "dia chi co so", "dia chi san xuat", "dia diem san xuat", "tru so", "dia chi tru so",
           "noi san xuat", "location", "dia chi lien he")),
    Field("vintage", "choice", "Bộ đơn vị hành chính", "Vintage", ("bo tinh", "dia gioi", "bo dia gioi", "set of provinces"),
          values=_VINTAGES),
)  # fmt: skip
_KEYS = (
    Field("establishment_id", "id", "Mã cơ sở", "Establishment id", ("ma so co so", "id", "ma dinh danh", "id co so")),
    Field("name", "text", "Tên cơ sở", "Name",
          ("ten", "ten doanh nghiep", "ten co so cnnt", "ten don vi", "co so", "doanh nghiep", "ten cong ty",
           "ten doanh nghiep co so", "ten co so san xuat", "ten dn", "ten hop tac xa", "ten ho kinh doanh",
           "don vi", "ten co so cong nghiep nong thon", "establishment", "establishment name", "company", "company name",
           "enterprise", "co so cong nghiep nong thon", "ten to chuc ca nhan", "don vi thu huong", "ten chu the", "chu the")),
    Field("tax_code", "tax", "Mã số thuế", "Tax code", ("mst", "ma so thue mst", "ma so doanh nghiep", "msdn", "tax id",
          "tax number", "ma so dn", "ma so thue ma so doanh nghiep")),
)  # fmt: skip
_MATERIAL = Field(
    "material", "text", "Nguyên liệu chính", "Main raw material",
    ("nguyen lieu", "nguyen lieu su dung", "ten nguyen lieu", "nguyen vat lieu", "nguyen vat lieu chinh", "material",
     "raw material", "material code", "ma nguyen lieu", "loai nguyen lieu", "cay trong", "nong san"),
)  # fmt: skip
_NEED_TONNES = Field(
    "need_tonnes", "quantity", "Nhu cầu nguyên liệu", "Raw material needed",
    ("nhu cau", "khoi luong nguyen lieu", "luong nguyen lieu", "nhu cau nguyen lieu mot nam", "nguyen lieu can",
     "so luong nguyen lieu", "luong nguyen lieu can", "nhu cau nguyen lieu nam", "need", "quantity needed",
     "need tonnes", "tonnes needed", "luong nguyen lieu tieu thu"), unit="mass", low=0,
)  # fmt: skip
_ORIGIN = Field(
    "origin_province", "place", "Tỉnh cung cấp nguyên liệu", "Province of origin",
    ("noi mua nguyen lieu", "nguon nguyen lieu", "noi cung cap", "xuat xu nguyen lieu", "tinh mua nguyen lieu",
     "origin", "tinh cung cap", "nguon cung", "vung cung cap"),
)  # fmt: skip
_SUPPORT = Field(
    "support_need", "flags", "Nhu cầu hỗ trợ", "Support needed",
    ("de nghi ho tro", "noi dung ho tro", "nhu cau ho tro khuyen cong", "noi dung de nghi ho tro", "support need",
     "support", "can ho tro"), values=_NEEDS,
)  # fmt: skip
_SOURCE = (
    Field("year", "year", "Năm", "Year", ("nam so lieu", "nam khao sat", "nam du lieu", "nam thong ke", "ky so lieu"),
          low=1990, high=2100),
    Field("source", "text", "Nguồn", "Source", ("nguon so lieu", "nguon du lieu", "nguon thong tin")),
    Field("source_url", "text", "Địa chỉ nguồn", "Source address", ("link nguon", "url", "duong dan nguon")),
)  # fmt: skip

_ESTABLISHMENTS = (
    *_KEYS,
    Field("vsic_version", "choice", "Phiên bản VSIC", "VSIC version", ("vsic",), values=_VERSIONS),
    Field("sector_code", "sector", "Mã ngành VSIC", "VSIC code",
          ("ma nganh", "ma nganh cap 4", "ma nganh kinh te", "ma vsic", "nganh vsic", "sector", "ma nganh nghe", "ma nganh chinh")),
    Field("sector_status", "choice", "Căn cứ mã ngành", "Basis of the sector code", values=_STATUSES),
    Field("product", "text", "Sản phẩm chính", "Main product",
          ("san pham", "nganh nghe", "mat hang", "ten san pham", "nganh nghe san xuat", "linh vuc", "linh vuc san xuat",
           "nganh nghe kinh doanh", "nganh hang", "san pham san xuat", "nganh nghe chinh", "nganh nghe san pham", "products",
           "san pham nganh nghe", "activity", "san pham chu yeu", "mat hang san xuat")),
    _MATERIAL,
    Field("employees", "whole", "Số lao động", "Employees",
          ("lao dong", "tong so lao dong", "so lao dong nguoi", "so nguoi lao dong", "so ld", "ld", "quy mo lao dong", "staff",
           "workers", "number of employees", "so cong nhan", "lao dong thuong xuyen"), low=1, high=1_000_000),
    Field("revenue_vnd_million", "quantity", "Doanh thu", "Revenue",
          ("doanh thu nam", "tong doanh thu", "doanh so", "doanh thu binh quan", "turnover", "gia tri san xuat"),
          unit="money", low=0),
    *_PLACE,
    Field("commune_code_2025", "place", "Mã xã 2025", "Commune code 2025", ("ma xa moi",)),
    Field("commune_code_pre2025", "place", "Mã xã trước 2025", "Commune code before 2025", ("ma xa cu",)),
    Field("lat", "degree", "Vĩ độ", "Latitude", ("lat", "vi do n", "toa do x", "x", "toa do vi do", "x m", "vi do wgs84")),
    Field("lon", "degree", "Kinh độ", "Longitude", ("lon", "lng", "long", "kinh do e", "toa do y", "y", "toa do kinh do", "y m",
          "kinh do wgs84")),
    Field("position", "degree", "Tọa độ", "Coordinates", ("toa do gps", "vi tri gps", "gps", "toa do vi do kinh do",
          "toa do lat long", "latlong", "lat lon", "vi tri")),
    Field("location_quality", "choice", "Độ chính xác vị trí", "Location quality", values=_QUALITIES),
    Field("craft_village", "yes", "Làng nghề", "Craft village", ("thuoc lang nghe", "trong lang nghe", "lang nghe khong")),
    Field("owner_flags", "flags", "Đối tượng ưu tiên", "Priority owner", ("doi tuong chu so huu", "chu co so thuoc doi tuong"), values=_OWNERS),
    _SUPPORT,
    _NEED_TONNES,
    _ORIGIN,
    *_SOURCE,
    Field("licence", "text", "Giấy phép dữ liệu", "Licence", ("license", "quyen su dung du lieu")),
    Field("owner_name", "private", "Họ tên chủ cơ sở", "Owner's name",
          ("chu co so", "chu co so ho ten", "ten chu co so", "ho ten chu ho", "ho va ten", "ho ten", "chu doanh nghiep", "giam doc",
           "nguoi dai dien", "nguoi dai dien theo phap luat", "nguoi lien he", "ten chu ho", "chu ho", "nghe nhan")),
    Field("phone", "private", "Số điện thoại", "Phone", ("dien thoai", "sdt", "so dt", "dt", "dien thoai lien he", "tel", "hotline",
          "di dong", "mobile", "so dien thoai lien he")),
    Field("email", "private", "Thư điện tử", "E-mail", ("email", "mail", "hop thu", "dia chi email")),
    Field("identity", "private", "Số định danh", "Identity number", ("cccd", "cmnd", "so cccd", "so cmnd", "can cuoc", "so can cuoc")),
)  # fmt: skip
#: Beside the one quantity of a row, where a list has the unit in a column of its own.
_UNIT = Field(
    "unit", "text", "Đơn vị tính", "Unit", ("dvt", "don vi do", "don vi tinh dvt", "unit of measure")
)
_NEEDS_FIELDS = (*_KEYS, *_PLACE, _MATERIAL, _NEED_TONNES, _UNIT, _ORIGIN, _SUPPORT)
_MATERIALS_FIELDS = (
    _MATERIAL,
    *(f for f in _PLACE if f.name in ("province", "province_code", "vintage")),
    Field("quantity_tonnes", "quantity", "Sản lượng", "Quantity",
          ("san luong thu hoach", "khoi luong", "so luong", "production", "output", "san luong nam", "supply",
           "tong san luong"), unit="mass", low=0),
    _UNIT,
    *_SOURCE,
)  # fmt: skip
_FIELDS = {"establishments": _ESTABLISHMENTS, "needs": _NEEDS_FIELDS, "materials": _MATERIALS_FIELDS}
#: Every field of one of these groups must have a column: at least one of the names each.
NEEDED = {
    "establishments": (("name",), ("province", "province_code", "commune_code", "address", "lat", "position",
                                   "commune_code_2025", "commune_code_pre2025")),
    "needs": (("establishment_id", "tax_code", "name"), ("material", "support_need")),
    "materials": (("material",), ("province", "province_code"), ("quantity_tonnes",), ("year",)),
}  # fmt: skip


def fields(kind: str) -> tuple[Field, ...]:
    """Return the fields of a kind of import.

    Raises
    ------
    ParameterError
        If the kind is not ``establishments``, ``needs`` or ``materials``.
    """
    if kind not in _FIELDS:
        raise ParameterError(
            vi=f"Loại dữ liệu nhập phải là một trong: {', '.join(KINDS)}; nhưng nhận được “{kind}”.",
            en=f'The kind of an import must be one of {", ".join(KINDS)}, but "{kind}" came.',
        )
    return _FIELDS[kind]


@cache
def titles(kind: str) -> dict[str, str]:
    """Return folded title → field name, of every title a field goes by."""
    found: dict[str, str] = {}
    for field in fields(kind):
        for word in (field.name.replace("_", " "), field.vi, field.en, *field.words):
            found.setdefault(key(word), field.name)
    return found


@cache
def all_titles() -> frozenset[str]:
    """Return every folded title of every kind, to tell a header row from the rows around it."""
    return frozenset(title for kind in KINDS for title in titles(kind))
