"""What each raw material is: the words and choices from which ``data/materials.csv`` is written.

One row a material. ``area_yield_id`` names the one yield of ``data/yields.csv`` that may turn an area
into tonnes; it is empty where no checked, national, right-basis yield is known, and then an area stays
an area. ``part_of`` marks a material that another one already contains: the two are never added.
"""

from __future__ import annotations

from typing import NamedTuple


class Material(NamedTuple):
    """One row of the catalogue; units are tonnes a year unless ``unit`` says otherwise."""

    code: str
    name_vi: str
    name_en: str
    vsic: str
    group: str
    form_vi: str
    form_en: str
    unit: str = "tonnes"
    part_of: str = ""
    area_yield_id: str = ""
    default_sector: str = ""
    national_tonnes: float | None = None
    national_year: int | None = None
    coverage_share: float | None = None
    coverage_vi: str = ""
    coverage_en: str = ""
    caution_vi: str = ""
    caution_en: str = ""


_HARVESTED_VI = "suất thu hoạch áp cho diện tích trồng nên có thể cao hơn thực tế"
_HARVESTED_EN = "a yield per harvested hectare is applied to planted area, so the figure may be high"

MATERIALS: tuple[Material, ...] = (
    Material("paddy_rice", "Lúa", "Paddy rice", "0111", "crop", "thóc", "paddy",
             default_sector="1061", national_tonnes=43_446_100, national_year=2024),
    Material("maize", "Ngô", "Maize", "0112", "crop", "ngô hạt", "grain",
             default_sector="1080", national_tonnes=4_402_200, national_year=2024),
    Material("cassava", "Sắn", "Cassava", "0113", "crop", "củ tươi", "fresh root",
             default_sector="1062", national_tonnes=10_534_000, national_year=2024,
             caution_vi="23 tỉnh cũ không có số (trồng ít), không phải bằng 0",
             caution_en="23 old provinces have no figure (they grow little), which is not zero"),
    Material("sweet_potato", "Khoai lang", "Sweet potato", "0113", "crop", "củ tươi", "fresh root",
             default_sector="1030", national_tonnes=972_900, national_year=2024),
    Material("sugarcane", "Mía", "Sugar cane", "0114", "crop", "mía cây", "cane",
             default_sector="1072", national_tonnes=12_674_600, national_year=2024,
             caution_vi="bỏ số 2023–2024 của An Giang, Đồng Tháp (cũ) vì nguồn ghi lẫn nhau",
             caution_en="2023–2024 of old An Giang and Dong Thap are left out: the source swapped them"),
    Material("groundnut", "Lạc", "Groundnut", "0117", "crop", "lạc vỏ", "in shell",
             default_sector="1040", national_tonnes=397_200, national_year=2024),
    Material("coffee", "Cà phê", "Coffee", "0126", "tree_crop", "cà phê nhân", "green bean",
             area_yield_id="coffee_green_robusta-2021", default_sector="1077", coverage_share=0.91,
             coverage_vi="90–92 % diện tích cả nước", coverage_en="90–92 % of the national area"),
    Material("tea_fresh_leaf", "Chè búp tươi", "Tea (fresh leaf)", "0127", "tree_crop", "búp tươi",
             "fresh leaf", area_yield_id="tea_fresh_leaf-2020", default_sector="1076",
             coverage_share=0.79, coverage_vi="79 % sản lượng cả nước (năm lẫn lộn)",
             coverage_en="79 % of national tonnage (years mixed)"),
    Material("pepper", "Hồ tiêu", "Pepper", "0124", "tree_crop", "hạt tiêu khô", "dry berry",
             area_yield_id="black_pepper_per_planted_ha-2023", default_sector="1079"),
    Material("cashew", "Điều", "Cashew", "0123", "tree_crop", "hạt điều thô", "raw nut in shell",
             area_yield_id="cashew_raw_nut-2021", default_sector="1079", coverage_share=0.51,
             coverage_vi="51 % cả nước", coverage_en="51 % of the country"),
    Material("rubber", "Cao su", "Rubber", "0125", "tree_crop", "mủ khô", "dry rubber",
             area_yield_id="rubber_dry-2017", default_sector="2219",
             caution_vi=_HARVESTED_VI, caution_en=_HARVESTED_EN),
    Material("coconut", "Dừa", "Coconut", "0122", "tree_crop", "quả (tấn, không phải số quả)",
             "nuts in shell (tonnes, not pieces)", area_yield_id="coconut-2025", default_sector="1040",
             coverage_share=0.64, coverage_vi="64 % cả nước", coverage_en="64 % of the country",
             caution_vi=_HARVESTED_VI, caution_en=_HARVESTED_EN),
    Material("cinnamon", "Quế", "Cinnamon", "0128", "tree_crop", "cành lá (nguyên liệu chưng tinh dầu)",
             "leaf and twig (what distillers use)", area_yield_id="cinnamon_leaf_and_twig_yen_bai-2021",
             default_sector="2029", caution_vi="suất cành lá của Yên Bái; vỏ quế không tính ở đây",
             caution_en="leaf and twig yield of Yen Bai; bark is not counted here"),
    Material("star_anise", "Hồi", "Star anise", "0128", "tree_crop", "quả khô", "dried fruit",
             area_yield_id="star_anise-2024", default_sector="2029"),
    Material("mulberry_silk", "Dâu tằm", "Mulberry (silk)", "0149", "tree_crop", "kén tươi",
             "fresh cocoons", area_yield_id="cocoons_lam_dong-2018", default_sector="1311",
             coverage_share=0.70, coverage_vi="khoảng 70 % diện tích cả nước (riêng Lâm Đồng)",
             coverage_en="about 70 % of the national area (Lam Dong alone)"),
    Material("macadamia", "Mắc ca", "Macadamia", "", "tree_crop", "diện tích", "area"),
    Material("fruit_all", "Cây ăn quả (tổng)", "Fruit (all)", "0121", "fruit", "quả tươi", "fresh fruit",
             default_sector="1030"),
    Material("mango", "Xoài", "Mango", "0121", "fruit", "quả tươi", "fresh fruit", part_of="fruit_all",
             default_sector="1030", coverage_share=0.54, coverage_vi="54 % cả nước",
             coverage_en="54 % of the country"),
    Material("banana", "Chuối", "Banana", "0121", "fruit", "quả tươi", "fresh fruit",
             part_of="fruit_all", default_sector="1030"),
    Material("dragon_fruit", "Thanh long", "Dragon fruit", "0121", "fruit", "quả tươi", "fresh fruit",
             part_of="fruit_all", area_yield_id="dragon_fruit-2021", default_sector="1030"),
    Material("durian", "Sầu riêng", "Durian", "0121", "fruit", "quả tươi", "fresh fruit",
             part_of="fruit_all", area_yield_id="durian-2023", default_sector="1030"),
    Material("litchi", "Vải", "Litchi", "0121", "fruit", "quả tươi", "fresh fruit", part_of="fruit_all",
             default_sector="1030"),
    Material("longan", "Nhãn", "Longan", "0121", "fruit", "quả tươi", "fresh fruit",
             part_of="fruit_all", area_yield_id="longan-2019", default_sector="1030"),
    Material("pineapple", "Dứa", "Pineapple", "0121", "fruit", "quả tươi", "fresh fruit",
             part_of="fruit_all", default_sector="1030"),
    Material("plum", "Mận", "Plum", "0121", "fruit", "quả tươi", "fresh fruit", part_of="fruit_all",
             default_sector="1030"),
    Material("pomelo", "Bưởi", "Pomelo", "0121", "fruit", "quả tươi", "fresh fruit",
             part_of="fruit_all", default_sector="1030"),
    Material("harvested_wood", "Gỗ khai thác", "Harvested wood", "0220", "forest", "gỗ tròn (quy tấn)",
             "roundwood (in tonnes)", default_sector="1610", coverage_share=1.0,
             coverage_vi="đủ 63 tỉnh cũ, cộng bằng số cả nước (2016)",
             coverage_en="all 63 old provinces, summing to the national figure (2016)",
             caution_vi="số năm 2016; khai thác rừng trồng hiện nay lớn hơn nhiều",
             caution_en="figures of 2016; the harvest of planted forest is much larger today"),
    Material("bamboo", "Tre, luồng, nứa, vầu", "Bamboo", "0230", "forest", "tre nứa tươi", "raw bamboo",
             area_yield_id="bamboo_all_viet_nam-2017", default_sector="1629"),
    Material("planted_forest_standing_area", "Rừng trồng (diện tích hiện có)",
             "Planted forest (standing area)", "0210", "forest", "diện tích", "area", unit="ha"),
    Material("capture_fisheries_all", "Thủy sản khai thác", "Capture fisheries", "0311", "fishery",
             "thủy sản tươi", "live weight", default_sector="1020", coverage_share=1.0,
             coverage_vi="đủ 63 tỉnh cũ, cộng bằng số cả nước (2016)",
             coverage_en="all 63 old provinces, summing to the national figure (2016)"),
    Material("marine_catch_all", "Thủy sản khai thác biển", "Marine catch", "0311", "fishery",
             "thủy sản tươi", "live weight", part_of="capture_fisheries_all", default_sector="1020"),
    Material("marine_fish_catch_fish_only", "Cá biển khai thác", "Marine fish catch", "0311", "fishery",
             "cá tươi", "live weight", part_of="capture_fisheries_all", default_sector="1020",
             coverage_share=1.0, coverage_vi="các tỉnh ven biển, cộng bằng số cả nước (2016)",
             coverage_en="the coastal provinces, summing to the national figure (2016)"),
    Material("aquaculture_all", "Thủy sản nuôi trồng", "Aquaculture", "0321|0322", "fishery",
             "thủy sản tươi", "live weight", default_sector="1020"),
    Material("farmed_fish", "Cá nuôi", "Farmed fish", "0322", "fishery", "cá tươi", "live weight",
             part_of="aquaculture_all", default_sector="1020", coverage_share=1.0,
             coverage_vi="đủ 63 tỉnh cũ, cộng bằng số cả nước (2016)",
             coverage_en="all 63 old provinces, summing to the national figure (2016)"),
    Material("pangasius", "Cá tra", "Pangasius", "0322", "fishery", "cá nguyên con", "whole fish",
             part_of="farmed_fish", default_sector="1020"),
    Material("farmed_shrimp", "Tôm nuôi", "Farmed shrimp", "0321", "fishery", "tôm nguyên con",
             "head-on shrimp", part_of="aquaculture_all", default_sector="1020", coverage_share=1.0,
             coverage_vi="49 tỉnh cũ, cộng bằng số cả nước (2016)",
             coverage_en="49 old provinces, summing to the national figure (2016)"),
    Material("black_tiger_shrimp", "Tôm sú", "Black tiger shrimp", "0321", "fishery", "tôm nguyên con",
             "head-on shrimp", part_of="farmed_shrimp", default_sector="1020"),
    Material("whiteleg_shrimp", "Tôm thẻ chân trắng", "Whiteleg shrimp", "0321", "fishery",
             "tôm nguyên con", "head-on shrimp", part_of="farmed_shrimp", default_sector="1020"),
    Material("salt", "Muối", "Salt", "0893", "mineral", "muối thô", "crude salt",
             area_yield_id="sea_salt-2015", default_sector="1079", coverage_share=0.83,
             coverage_vi="83 % diện tích cả nước", coverage_en="83 % of the national area"),
    Material("cattle", "Bò", "Cattle", "0141", "livestock", "con", "head", unit="head", coverage_share=1.0,
             coverage_vi="đủ 63 tỉnh cũ, cộng bằng số cả nước (2016)",
             coverage_en="all 63 old provinces, summing to the national figure (2016)"),
    Material("dairy_cattle", "Bò sữa", "Dairy cattle", "0141", "livestock", "con", "head", unit="head",
             part_of="cattle"),
    Material("buffalo", "Trâu", "Buffalo", "0141", "livestock", "con", "head", unit="head", coverage_share=1.0,
             coverage_vi="đủ 63 tỉnh cũ, cộng bằng số cả nước (2016)",
             coverage_en="all 63 old provinces, summing to the national figure (2016)"),
    Material("pigs", "Lợn", "Pigs", "0145", "livestock", "con", "head", unit="head", coverage_share=1.0,
             coverage_vi="đủ 63 tỉnh cũ, cộng bằng số cả nước (2016)",
             coverage_en="all 63 old provinces, summing to the national figure (2016)"),
    Material("poultry", "Gia cầm", "Poultry", "0146", "livestock", "con", "head", unit="head", coverage_share=1.0,
             coverage_vi="đủ 63 tỉnh cũ, cộng bằng số cả nước (2016)",
             coverage_en="all 63 old provinces, summing to the national figure (2016)"),
    Material("cement_design_capacity", "Xi măng (công suất thiết kế)", "Cement (design capacity)", "",
             "capacity", "công suất, không phải sản lượng", "capacity, not output"),
)
