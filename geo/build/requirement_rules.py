"""The rules themselves, one per sector, material and size; read with ``requirement_spec``."""

from __future__ import annotations

from dataclasses import dataclass

SIZES = ("micro", "small", "medium", "large")


@dataclass(frozen=True)
class Rule:
    """One way to a requirement: a throughput (published or assumed), days, staff and conversions."""

    size: str
    reason_vi: str
    reason_en: str
    throughput: str = ""
    assumed: float = 0.0
    assumed_unit: str = ""
    days: float = 1.0
    workers: float | None = None
    per_establishment: bool = False
    factors: tuple[str, ...] = ()
    divide: bool = False
    times: float = 1.0
    status: str = "assumption"
    low: float | None = None
    high: float | None = None
    main: bool = False
    every_size: bool = False  # a mean over all sizes: it needs no carrying up


_PADDY = "1061-paddy-milled_rice"
_CASSAVA = "1062-fresh_cassava_root-cassava_starch_dry"
_DRIED_FRUIT = "1030-tropical_fruit-dried_tropical_fruit"
_CHIPS = "1610-roundwood_non_coniferous-wood_chips"
_FISH_SAUCE = "1020-anchovy-fish_sauce_all_grades"
_STAFF_VI = "Số lao động của cơ sở lấy theo điểm giữa nhóm quy mô ({n} người)."
_STAFF_EN = "Staff taken as the middle of the size band ({n})."
_HOUSE_VI = "Số lao động lấy theo bình quân cơ sở cá thể năm 2022 (1,745 người)."
_HOUSE_EN = "Staff taken as the 2022 mean of household establishments (1.745)."


def _assume(size: str, value: float, unit: str, days: float, vi: str, en: str, **more) -> Rule:  # type: ignore[no-untyped-def]
    """An assumed throughput of one worker and day, with its plain reason."""
    return Rule(size, f"Chưa có số công bố: giả định {vi}", f"No published figure: assumed {en}",
                assumed=value, assumed_unit=unit, days=days, **more)


def _wood(main: bool, whole: bool) -> list[Rule]:
    """Wood a worker: the industry mean for mills; a quarter of it for joiners' households."""
    mean_vi = ("77 m³ gỗ tròn một lao động một năm là bình quân cả ngành gỗ (hai năm khác nhau, độ tin thấp); "
               "nhà máy gỗ năm 2005 cho 76 m³ với 22 lao động. Quy tấn theo 1,01 m³ một tấn.")
    mean_en = ("77 m³ of roundwood a worker is the mean of the whole wood industry (two years mixed, low "
               "reliability); wood factories of 2005 give 76 m³ with 22 staff. Tonnes by 1.01 m³ a tonne.")
    mean = {"throughput": "3100-medium-1", "factors": (_CHIPS,), "divide": True, "status": "derived"}
    if whole:
        return [Rule("micro", mean_vi, mean_en, main=main, every_size=True, **mean)]  # type: ignore[arg-type]
    vi = "Giả định cơ sở mộc nhỏ dùng một phần tư bình quân ngành, vì bình quân bị kéo lên bởi dăm và ván. "
    en = "Assumed: small joiners use a quarter of the industry mean, which chip and board mills pull up. "
    quarter = {**mean, "times": 0.25, "status": "assumption"}
    return [
        Rule("micro", vi + mean_vi, en + mean_en, main=main, **quarter),  # type: ignore[arg-type]
        Rule("medium", mean_vi, mean_en, **mean),  # type: ignore[arg-type]
    ]


def _fish(main: bool = False) -> list[Rule]:
    """Fish a worker: the fish-sauce household, for catch and farmed fish alike."""
    vi = ("Bình quân làng nghề nước mắm 13.793 lít một hộ một năm × 0,8 kg cá một lít (hệ số chưa kiểm chứng). "
          + _HOUSE_VI)
    en = ("Fish-sauce village mean of 13,793 litres a household-year × 0.8 kg of fish a litre (factor "
          "unchecked). " + _HOUSE_EN)
    return [Rule("micro", vi, en, throughput="1020-household-2", factors=(_FISH_SAUCE,), times=0.001,
                 per_establishment=True, main=main)]


def _shrimp() -> list[Rule]:
    """Shrimp a worker: as fish below the large size; the cited plant for the large."""
    large = Rule("large", "Nhà máy tôm 5,0 tấn thành phẩm một lao động một năm × 1,75 tấn tôm nguyên con.",
                 "Shrimp plant of 5.0 t of product a worker-year × 1.75 t of head-on shrimp.",
                 throughput="1020-large-3", factors=("1020-whiteleg_shrimp_head_on-peeled_shrimp_pud",),
                 status="derived")
    return [*_fish(), large]


def _fruit(main: bool = False) -> list[Rule]:
    """Fresh fruit a worker: dried fruit, 4 t fresh a tonne."""
    return [_assume("micro", 0.02, "t dried fruit/worker/day", 200,
                    "một lao động làm 20 kg quả sấy một ngày, 200 ngày một năm; 4 tấn quả tươi một tấn sấy.",
                    "a worker makes 20 kg of dried fruit a day, 200 days a year; 4 t of fresh fruit a tonne.",
                    factors=(_DRIED_FRUIT,), main=main)]


def _bamboo(main: bool) -> list[Rule]:
    """Bamboo a worker: handicraft below the medium size, the Thanh Hóa enterprises above."""
    return [
        _assume("micro", 0.01, "t raw bamboo/worker/day", 300,
                "một lao động đan lát dùng 10 kg tre nứa một ngày, 300 ngày một năm.",
                "a weaver uses 10 kg of raw bamboo a day, 300 days a year.", main=main),
        Rule("medium", "200.000 tấn tre luồng chia 37 doanh nghiệp Thanh Hóa. " + _STAFF_VI.format(n=100),
             "200,000 t of bamboo over 37 Thanh Hoa enterprises. " + _STAFF_EN.format(n=100),
             throughput="1629-medium-1", per_establishment=True, status="derived"),
    ]


def _mill(main: bool = False, maize: bool = False) -> list[Rule]:
    """Grain a worker in a mill; maize is taken to pass at the rate of paddy."""
    extra_vi = " Giả định ngô qua máy với năng suất như thóc." if maize else ""
    extra_en = " Maize is assumed to pass at the rate of paddy." if maize else ""
    status = "assumption" if maize else "derived"
    return [
        Rule("micro", "43,5 triệu tấn thóc chia 249.059 cơ sở xay xát (cận trên, gồm cả nhà máy lớn). "
             + _HOUSE_VI + extra_vi,
             "43.5 Mt of paddy over 249,059 mills (an upper bound: large plants are in it). "
             + _HOUSE_EN + extra_en,
             throughput="1061-small-4", per_establishment=True, status=status, main=main),
        Rule("small", "Ngưỡng “cơ sở xay xát lớn” ở Hưng Yên, 10 tấn thóc một ngày, giả định 300 ngày. "
             + _STAFF_VI.format(n=22) + extra_vi,
             'The threshold of a "large mill" in Hung Yen, 10 t of paddy a day, 300 days assumed. '
             + _STAFF_EN.format(n=22) + extra_en,
             throughput="1061-large-1", days=300, per_establishment=True, status=status),
        Rule("large", "Công suất nhà máy lớn 200.000 tấn thóc một năm, giả định 300 lao động." + extra_vi,
             "Capacity of a large plant, 200,000 t of paddy a year, 300 staff assumed." + extra_en,
             throughput="1061-large-2", per_establishment=True, status=status),
    ]


RULES: dict[tuple[str, str], list[Rule]] = {
    ("1061", "paddy_rice"): _mill(main=True),
    ("1061", "maize"): _mill(maize=True),
    ("1062", "cassava"): [
        Rule("micro", "4,5 tấn củ một ngày một cơ sở hộ; giả định vụ 150 ngày và 3 lao động một cơ sở.",
             "4.5 t of root a day a household unit; a season of 150 days and 3 workers a unit are assumed.",
             throughput="1062-household-1", days=150, workers=3, per_establishment=True, main=True),
        Rule("medium", "800.000 tấn tinh bột chia 74 doanh nghiệp Tây Ninh × 4,0 tấn củ một tấn tinh bột khô. "
             + _STAFF_VI.format(n=100),
             "800,000 t of starch over 74 Tay Ninh enterprises × 4.0 t of root a tonne of dry starch. "
             + _STAFF_EN.format(n=100),
             throughput="1062-medium-1", per_establishment=True, factors=(_CASSAVA,), status="derived"),
        Rule("large", "Nhà máy 150 tấn tinh bột một ngày × 4,0 tấn củ; giả định 240 ngày và 300 lao động.",
             "A plant of 150 t of starch a day × 4.0 t of root; 240 days and 300 staff are assumed.",
             throughput="1062-large-1", days=240, per_establishment=True, factors=(_CASSAVA,),
             status="derived"),
    ],
    ("1072", "sugarcane"): [
        _assume("micro", 0.5, "t cane/worker/day", 100,
                "lò đường thủ công ép 0,5 tấn mía một lao động một ngày, vụ 100 ngày.",
                "a hand-run sugar kiln presses 0.5 t of cane a worker-day in a season of 100 days.", main=True),
        Rule("large", "14,5 triệu tấn mía chia 39 nhà máy; giả định 300 lao động một nhà máy.",
             "14.5 Mt of cane over 39 mills; 300 staff a mill are assumed.",
             throughput="1072-large-2", per_establishment=True, status="derived"),
    ],
    ("1074", "paddy_rice"): [
        _assume("micro", 0.1, "t fresh noodle/worker/day", 300,
                "một lao động làm 100 kg bún tươi một ngày, 300 ngày; gạo quy về thóc.",
                "a worker makes 100 kg of fresh noodle a day, 300 days; milled rice is counted back to paddy.",
                factors=("1074-milled_rice-fresh_rice_vermicelli_bun_traditional", _PADDY), main=True)],
    ("1071", "paddy_rice"): [
        _assume("micro", 0.03, "t milled rice/worker/day", 300,
                "một lao động làm bánh dùng 30 kg gạo một ngày, 300 ngày (bánh từ bột mì không tính).",
                "a worker baking from rice uses 30 kg a day, 300 days (wheat goods are not counted).",
                factors=(_PADDY,), main=True)],
    ("1101", "paddy_rice"): [
        _assume("micro", 0.02, "t liquor/worker/day", 300,
                "một lao động nấu 20 lít rượu một ngày, 300 ngày; hệ số là của rượu gạo lên men.",
                "a worker makes 20 litres a day, 300 days; the factor is that of fermented rice drinks.",
                factors=("1101-milled_rice-rice_fermented_beverage_not_distilled", _PADDY), main=True)],
    ("1076", "tea_fresh_leaf"): [
        _assume("micro", 0.1, "t fresh leaf/worker/day", 200,
                "một lao động sao 100 kg búp tươi một ngày, vụ 200 ngày; xưởng khuyến công 8 người đạt cao hơn.",
                "a worker roasts 100 kg of fresh leaf a day in a season of 200 days; an eight-person workshop "
                "with a line does more.", main=True, high=98.0),
        Rule("small", "67.394 tấn búp chia 86 dây chuyền ở Nghệ An (784 tấn một năm). " + _STAFF_VI.format(n=22),
             "67,394 t of leaf over 86 lines in Nghe An (784 t a year). " + _STAFF_EN.format(n=22),
             throughput="1076-small-2", per_establishment=True, status="derived", high=98.0),
        Rule("medium", "15,7 tấn búp một ngày một doanh nghiệp (2004), giả định 200 ngày. " + _STAFF_VI.format(n=100),
             "15.7 t of leaf a day an enterprise (2004), 200 days assumed. " + _STAFF_EN.format(n=100),
             throughput="1076-medium-1", days=200, per_establishment=True, status="derived"),
        Rule("large", "Dây chuyền công nghiệp 36 tấn búp một ngày, giả định 200 ngày và 300 lao động.",
             "Industrial line of 36 t of leaf a day, 200 days and 300 staff assumed.",
             throughput="1076-large-1", days=200, per_establishment=True, status="derived"),
    ],
    ("1077", "coffee"): [
        _assume("micro", 0.03, "t roasted coffee/worker/day", 280,
                "một lao động rang 30 kg một ngày, 280 ngày; cơ sở xay xát cà phê nhân dùng nhiều hơn hẳn.",
                "a worker roasts 30 kg a day, 280 days; hulling stations take in far more.",
                factors=("1077-green_coffee-roasted_coffee",), main=True, high=100.0)],
    ("1079", "cashew"): [
        Rule("micro", "600–800 nghìn tấn điều thô chia hơn 50.000 lao động ở Bình Phước (12–16 tấn); "
             "tách thủ công ở Ấn Độ chỉ 3,6 tấn.",
             "600–800 kt of raw nuts over 50,000 workers in Binh Phuoc (12–16 t); hand shelling in India "
             "does 3.6 t.", throughput="1079-small-2", status="derived", low=3.6, high=16.0,
             every_size=True)],
    ("1079", "pepper"): [
        _assume("micro", 0.1, "t pepper/worker/day", 250,
                "một lao động làm sạch, phân loại 100 kg tiêu một ngày, 250 ngày.",
                "a worker cleans and grades 100 kg of pepper a day, 250 days.")],
    ("1079", "salt"): [
        _assume("micro", 0.2, "t refined salt/worker/day", 250,
                "một lao động tinh chế 200 kg muối một ngày, 250 ngày.",
                "a worker refines 200 kg of salt a day, 250 days.",
                factors=("0893-crude_sea_salt-refined_salt",))],
    ("1040", "groundnut"): [
        _assume("micro", 0.03, "t oil/worker/day", 200,
                "một lao động ép 30 kg dầu lạc một ngày, 200 ngày; 3,03 tấn lạc vỏ một tấn dầu.",
                "a worker presses 30 kg of oil a day, 200 days; 3.03 t of nuts in shell a tonne.",
                factors=("1040-groundnut_in_shell-groundnut_oil",), main=True)],
    ("1040", "coconut"): [
        _assume("micro", 0.04, "t oil/worker/day", 250,
                "một lao động ép 40 kg dầu dừa một ngày, 250 ngày; dừa quả → cùi khô → dầu.",
                "a worker presses 40 kg of oil a day, 250 days; nuts → copra → oil.",
                factors=("1040-copra-coconut_oil", "1040-coconut_in_shell_fao_weight-copra"))],
    ("1030", "coconut"): [
        _assume("micro", 0.03, "t desiccated coconut/worker/day", 250,
                "một lao động làm 30 kg cơm dừa sấy một ngày, 250 ngày.",
                "a worker makes 30 kg of desiccated coconut a day, 250 days.",
                factors=("1030-coconut_in_shell_fao_weight-desiccated_coconut",))],
    ("1073", "coconut"): [
        _assume("micro", 0.02, "t coconut meat/worker/day", 280,
                "một lao động làm kẹo dùng cơm của 20 kg dừa khô một ngày, 280 ngày.",
                "a worker making candy uses the meat of 20 kg of desiccated coconut a day, 280 days.",
                factors=("1030-coconut_in_shell_fao_weight-desiccated_coconut",))],
    **{("1030", code): _fruit() for code in ("mango", "banana", "dragon_fruit", "durian", "litchi", "longan",
                                             "plum", "pomelo", "fruit_all")},
    ("1030", "pineapple"): [
        _assume("micro", 0.05, "t canned pineapple/worker/day", 200,
                "một lao động đóng 50 kg dứa hộp một ngày, 200 ngày.",
                "a worker cans 50 kg of pineapple a day, 200 days.",
                factors=("1030-pineapple-canned_pineapple",))],
    ("1030", "sweet_potato"): [
        _assume("micro", 0.1, "t product/worker/day", 200,
                "một lao động chế biến 100 kg sản phẩm một ngày, 200 ngày; hệ số rau bảo quản nói chung.",
                "a worker makes 100 kg a day, 200 days; the factor is that of preserved vegetables.",
                factors=("1030-vegetables_n_e_s-preserved_vegetables",))],
    ("1020", "capture_fisheries_all"): _fish(main=True),
    ("1020", "marine_catch_all"): _fish(),
    ("1020", "marine_fish_catch_fish_only"): _fish(),
    ("1020", "aquaculture_all"): _fish(),
    ("1020", "farmed_fish"): _fish(),
    ("1020", "farmed_shrimp"): _shrimp(),
    ("1020", "whiteleg_shrimp"): _shrimp(),
    ("1020", "black_tiger_shrimp"): _shrimp(),
    ("1020", "pangasius"): [
        *_fish(),
        Rule("large", "110 kg phi lê một công nhân một ngày (chỉ người phi lê, cận trên), giả định 300 ngày × "
             "2,63 tấn cá một tấn phi lê.",
             "110 kg of fillet a worker-day (filleters only, an upper bound), 300 days assumed × 2.63 t of "
             "fish a tonne.", throughput="1020-large-2", days=300, times=0.001,
             factors=("1020-pangasius_catfish_whole-catfish_fillet",), status="derived", high=87.0),
    ],
    ("1080", "maize"): [
        _assume("micro", 0.2, "t feed/worker/day", 300,
                "một lao động trộn 200 kg thức ăn một ngày, 300 ngày; ngô chiếm 45 % (chưa kiểm chứng).",
                "a worker mixes 200 kg of feed a day, 300 days; 45 % maize (unchecked).",
                factors=("1080-maize-compound_animal_feed_maize_share",), main=True),
        Rule("large", "12,5 triệu tấn thức ăn chia 233 nhà máy × 45 % ngô (chưa kiểm chứng), giả định 300 lao động.",
             "12.5 Mt of feed over 233 mills × 45 % maize (unchecked), 300 staff assumed.",
             throughput="1080-large-1", per_establishment=True,
             factors=("1080-maize-compound_animal_feed_maize_share",)),
    ],
    ("1080", "cassava"): [
        _assume("micro", 0.2, "t feed/worker/day", 300,
                "một lao động trộn 200 kg thức ăn một ngày, 300 ngày; sắn lát chiếm 10 %.",
                "a worker mixes 200 kg of feed a day, 300 days; 10 % dried cassava chips.",
                factors=("1062-fresh_cassava_root-dried_cassava_chips",), times=0.1)],
    ("1610", "harvested_wood"): _wood(main=True, whole=True),
    ("1621", "harvested_wood"): _wood(main=True, whole=True),
    ("1622", "harvested_wood"): _wood(main=True, whole=False),
    ("1623", "harvested_wood"): _wood(main=True, whole=False),
    ("1629", "harvested_wood"): _wood(main=False, whole=False),
    ("3100", "harvested_wood"): _wood(main=True, whole=False),
    ("1629", "bamboo"): _bamboo(main=True),
    ("3100", "bamboo"): _bamboo(main=False),
    ("2219", "rubber"): [
        _assume("micro", 0.08, "t dry rubber/worker/day", 250,
                "một lao động làm 80 kg mủ khô một ngày, 250 ngày.",
                "a worker works up 80 kg of dry rubber a day, 250 days.", main=True)],
    ("2029", "cinnamon"): [
        Rule("micro", "Lò hộ 550 kg tinh dầu một năm × 143,3 tấn cành lá một tấn dầu. " + _HOUSE_VI,
             "A household still of 550 kg of oil a year × 143.3 t of leaf and twig a tonne. " + _HOUSE_EN,
             throughput="2029-household-1", times=0.001, per_establishment=True, status="derived",
             factors=("2029-cinnamon_leaf_and_twig-cinnamon_cassia_oil",)),
        Rule("small", "300 tấn dầu chia 21 cơ sở Văn Yên. " + _STAFF_VI.format(n=22),
             "300 t of oil over 21 Van Yen distillers. " + _STAFF_EN.format(n=22),
             throughput="2029-small-1", per_establishment=True, status="derived",
             factors=("2029-cinnamon_leaf_and_twig-cinnamon_cassia_oil",)),
        Rule("medium", "700 tấn dầu chia 8 nhà máy (công suất). " + _STAFF_VI.format(n=100),
             "700 t of oil over 8 plants (capacity). " + _STAFF_EN.format(n=100),
             throughput="2029-medium-1", per_establishment=True, status="derived",
             factors=("2029-cinnamon_leaf_and_twig-cinnamon_cassia_oil",)),
    ],
    ("2029", "star_anise"): [
        Rule("micro", "Giả định lò hồi ra dầu như lò quế (550 kg một năm) × 11,8 tấn quả khô một tấn dầu. " + _HOUSE_VI,
             "Star-anise stills are assumed to give as much oil as cinnamon stills (550 kg a year) × 11.8 t of "
             "dried fruit a tonne. " + _HOUSE_EN,
             throughput="2029-household-1", times=0.001, per_establishment=True,
             factors=("2029-star_anise_fruit_dried-star_anise_oil",))],
    ("1311", "mulberry_silk"): [
        _assume("micro", 0.001, "t raw silk/worker/day", 300,
                "một lao động ươm 1 kg tơ một ngày, 300 ngày; 7 tấn kén một tấn tơ (chưa kiểm chứng).",
                "a reeler makes 1 kg of raw silk a day, 300 days; 7 t of cocoons a tonne (unchecked).",
                factors=("1311-fresh_cocoons-raw_silk",)),
        Rule("small", "Xưởng ươm 0,05 tấn tơ một ngày, giả định 300 ngày; hệ số kén chưa kiểm chứng. "
             + _STAFF_VI.format(n=22),
             "A reeling workshop of 0.05 t of silk a day, 300 days assumed; cocoon factor unchecked. "
             + _STAFF_EN.format(n=22),
             throughput="1311-small-1", days=300, per_establishment=True,
             factors=("1311-fresh_cocoons-raw_silk",)),
        Rule("medium", "Doanh nghiệp ươm 0,133 tấn tơ một ngày, giả định 300 ngày, 80 lao động (nhà máy ở Yên Bái); "
             "hệ số kén chưa kiểm chứng.",
             "A reeling enterprise of 0.133 t of silk a day, 300 days assumed, 80 staff (a Yen Bai plant); "
             "cocoon factor unchecked.",
             throughput="1311-medium-1", days=300, workers=80, per_establishment=True,
             factors=("1311-fresh_cocoons-raw_silk",)),
    ],
}
