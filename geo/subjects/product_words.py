"""Words of a name or a product that say the VSIC class or the main raw material without doubt.

A phrase written with diacritics is compared with them (chè is tea, "che" is not; sắn is cassava, săn is
hunting); a phrase in plain ASCII is compared on the folded text, where folding cannot confuse it. Phrases
match whole words; ``^`` binds one to the beginning. What is not clear stays at its division.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from geo.places.spelling import key, tone_form


@dataclass(frozen=True)
class Rule:
    """Phrases, the code they mean, and words that must not follow them (they make another thing of it)."""

    code: str
    phrases: tuple[str, ...]
    not_before: tuple[str, ...] = ()


# Infusions of other plants are no tea, and Trà begins many place names.
_NOT_TEA = (
    "hoa", "nụ", "tim sen", "lá sen", "sen", "gạo", "trái cây", "atiso", "cà gai leo", "thảo", "dược",
    "vinh", "bắc", "cú", "nóc", "lĩnh", "bồng", "my", "đông",
)  # fmt: skip

# A class counts only within the division the source states (16 for nón, 25 for đồng, …).
CLASSES = (
    Rule("1010", ("nem chua", "nem chả", "lạp xưởng", "bò một nắng", "gà ủ muối", "giò chả")),
    Rule("1020", ("nước mắm", "nuoc mam", "mắm", "fish sauce", "chế biến thủy sản", "chế biến hải sản", "tôm khô",
                  "mực khô", "khô cá", "cá kho", "cá nướng")),
    Rule("1030", ("sầu riêng sấy", "gừng sấy", "trái cây sấy", "rau hỗn hợp", "măng chua", "măng khô",
                  "nhà máy trái cây")),
    Rule("1050", ("nhà máy sữa", "sữa tươi")),
    Rule("1061", ("^gạo", "xay xát", "bột ngũ cốc")),
    Rule("1062", ("tinh bột",)),
    Rule("1071", ("bánh đa", "banh da nem", "bánh tráng", "bánh cuốn", "bánh ướt", "bánh gai", "bánh pía")),
    Rule("1072", ("đường mía", "mía đường", "nhà máy đường", "nha may duong")),
    Rule("1073", ("kẹo lạc", "kẹo dừa", "coconut candy", "chocolate", "socola")),
    Rule("1074", ("miến", "bún", "phở", "mỳ gạo", "mì gạo", "mỳ tôm", "sợi mì")),
    Rule("1075", ("cơm sấy",)),
    Rule("1076", ("chè", "trà"), _NOT_TEA),
    Rule("1077", ("cà phê", "ca phe", "coffee")),
    Rule("1079", ("hạt điều", "hồ tiêu", "hạt tiêu", "tiêu tiên phước")),
    Rule("1080", ("thuc an chan nuoi", "thức ăn gia súc", "thức ăn thủy sản")),
    Rule("1101", ("rượu", "nau ruou")),
    Rule("1102", ("rượu vang", "wine")),
    Rule("1104", ("nước khoáng", "nước suối", "nước giải khát")),
    Rule("1311", ("ươm tơ", "xo soi", "kéo sợi")),
    Rule("1312", ("dệt", "lụa", "thổ cẩm", "linen")),
    Rule("1394", ("lưới cước",)),
    Rule("1410", ("may", "may mặc", "cắt may", "áo jacket", "gia công nón mũ", "jean")),
    Rule("1520", ("giày", "giày da")),
    Rule("1610", ("dăm gỗ", "cưa xẻ", "xẻ gỗ")),
    Rule("1621", ("ván ép", "ván dăm", "ván ghép", "gỗ ván dăm", "gỗ dán", "gỗ ghép thanh")),
    Rule("1629", ("viên nén gỗ", "may tre", "mây trẻ đan", "tre hun", "chuồn chuồn tre", "làng tre",
                  "tăm nhang", "đan lát", "đàn lát", "đan cót", "cót", "nón lá", "làng nón", "cói", "chiếu",
                  "lục bình", "cỏ tế", "bamboo chopsticks", "gỗ mỹ nghệ", "mộc mỹ nghệ", "tượng gỗ",
                  "tiện gỗ", "điêu khắc gỗ")),
    Rule("1701", ("làng giấy", "làm giấy", "bột giấy", "paper factory village")),
    Rule("1702", ("bao bì", "ống giấy")),
    Rule("2012", ("phân bón", "phân npk")),
    Rule("2023", ("hóa mỹ phẩm", "mỹ phẩm")),
    Rule("2029", ("tinh dầu",)),
    Rule("2220", ("nhựa", "plastic")),
    Rule("2392", ("gạch", "ngói")),
    Rule("2393", ("gốm", "gốm sứ", "pottery", "nồi đất")),
    Rule("2394", ("xi măng", "vôi")),
    Rule("2395", ("bê tông",)),
    Rule("2396", ("đá mỹ nghệ", "đá hoa cương", "chế tác đá", "điêu khắc đá")),
    Rule("2592", ("cơ khí chính xác", "xưởng cơ khí", "gia công cơ khí", "gia công đồ sắt thép")),
    Rule("2599", ("đúc đồng", "đúng đồng thủ công", "đồ đồng mỹ nghệ", "gò đúc đồng")),
    Rule("3211", ("chạm bạc", "kim hoàn")),
    Rule("3220", ("trống", "nhạc cụ")),
    Rule("3290", ("sơn mài", "sơn khảm", "khảm trai", "khảm ốc trai", "khảm trái", "hương thẻ", "làng hương",
                  "nhang trầm", "trầm hương", "đèn lồng", "chổi đót", "quạt giấy", "làng quạt",
                  "sừng mỹ nghệ", "mỹ nghệ bằng sừng", "dát vàng", "tranh trên kiếng", "thủ công mỹ nghệ")),
)  # fmt: skip
# VSIC 2018 has a single class in this division.
SINGLE_CLASS = {"31": "3100"}

# A raw material counts only for those who work it: the divisions that process it.
MATERIALS = (
    (("10",), Rule("tea_fresh_leaf", ("chè", "trà"), _NOT_TEA)),
    (("10",), Rule("coffee", ("cà phê", "ca phe", "coffee"))),
    (("10", "11"), Rule("paddy_rice", ("gạo", "bún", "phở", "bánh đa", "banh da nem", "bánh tráng",
                                       "bánh cuốn", "bánh ướt", "bánh chưng", "bánh trưng", "cơm sấy", "cốm",
                                       "cao lầu"))),
    # Glass noodles are made of canna, for which there is no figure: said first, it leaves no material.
    (("10",), Rule("", ("miến dong",))),
    (("10",), Rule("cassava", ("sắn", "tinh bột mỳ", "tinh bột mì", "khoai mì"), ("dây",))),
    (("10",), Rule("sugarcane", ("đường mía", "mía đường", "nhà máy đường", "nha may duong"))),
    (("10",), Rule("cashew", ("hạt điều",))),
    (("10",), Rule("pepper", ("hồ tiêu", "hạt tiêu", "tiêu tiên phước"))),
    (("10",), Rule("groundnut", ("lạc",), ("hồng", "long"))),
    (("10",), Rule("coconut", ("dừa sáp", "nước cốt dừa", "cơm dừa", "kẹo dừa", "coconut candy"))),
    (("10",), Rule("durian", ("sầu riêng",))),
    (("10",), Rule("macadamia", ("mắc ca",))),
    (("10",), Rule("marine_fish_catch_fish_only", ("nước mắm", "nuoc mam", "fish sauce"))),
    (("13",), Rule("mulberry_silk", ("tơ", "lụa", "tơ tằm", "ươm tơ"))),
    (("16",), Rule("bamboo", ("may tre", "mây trẻ đan", "tre hun", "chuồn chuồn tre", "làng tre", "tăm nhang",
                              "cót", "bamboo"))),
    (("16", "31"), Rule("harvested_wood", ("gỗ", "mộc", "wood", "carpentry", "ván ép", "lâm sản"),
                        ("nhôm kính",))),
    (("20",), Rule("cinnamon", ("tinh dầu quế", "quế"))),
    (("22",), Rule("rubber", ("cao su",))),
)  # fmt: skip


@cache
def _pattern(rule: Rule, exact: bool) -> re.Pattern[str] | None:
    """Return the pattern of a rule's phrases on the text with tones (``exact``) or folded."""
    form = tone_form if exact else key
    phrases = [phrase for phrase in rule.phrases if phrase.isascii() != exact]
    if not phrases:
        return None
    parts = [("^" if phrase[0] == "^" else "") + re.escape(form(phrase)) for phrase in phrases]
    after = "|".join(re.escape(form(word)) for word in rule.not_before)
    tail = rf"(?! (?:{after})(?: |$))" if after else ""
    return re.compile(rf"(?:(?<= )|^)(?:{'|'.join(parts)})(?= |$){tail}")


@cache
def _by_word(exact: bool) -> dict[str, list[Rule]]:
    """Return first word of a phrase, as the text is written for exact or folded search → its rules."""
    form = tone_form if exact else key
    found: dict[str, list[Rule]] = {}
    for rule in CLASSES:
        for phrase in rule.phrases:
            found.setdefault(form(phrase).split()[0], []).append(rule)
    return found


def _first(rules: list[Rule], text: str) -> str:
    """Return the code of the rule that matches earliest in the text, the longest phrase on a tie."""
    hits = []
    for exact, words in ((True, tone_form(text)), (False, key(text))):
        for rule in rules:
            pattern = _pattern(rule, exact)
            found = pattern.search(words) if pattern else None
            if found:
                word = words[: found.start()].count(" ")
                hits.append((word, found.start() - found.end(), rule.code))
    return min(hits)[2] if hits else ""


def infer_class(division: str, product: str, name: str) -> str:
    """Return the VSIC 2018 class that the product, else the name, says within a division; else empty.

    Parameters
    ----------
    division : str
        Division the source states (2 digits); without one nothing is inferred.
    product, name : str
        In Vietnamese (or English), with diacritics.
    """
    if not division:
        return ""
    rules = [rule for rule in CLASSES if rule.code.startswith(division)]
    return _first(rules, product) or _first(rules, name) or SINGLE_CLASS.get(division, "")


def infer_material(division: str, product: str, name: str) -> str:
    """Return the main raw material that the product, else the name, says; else empty.

    Parameters
    ----------
    division : str
        Division the source states; a material counts only in the divisions that process it.
    product, name : str
        In Vietnamese (or English), with diacritics.
    """
    rules = [rule for divisions, rule in MATERIALS if division in divisions]
    return _first(rules, product) or _first(rules, name)


def classes_said(text: str) -> list[str]:
    """Return the class each division's words in a text say, in the order of the words; of any division.

    Without a stated division a word can mislead (``nón`` is a hat of 16 or of 14): treat the answer as a
    likeness.
    """
    hits = []
    for exact, words in ((True, tone_form(text)), (False, key(text))):
        # Only rules of which a phrase begins with a word of the text can be found in it.
        rules = dict.fromkeys(rule for word in words.split() for rule in _by_word(exact).get(word, ()))
        for rule in rules:
            pattern = _pattern(rule, exact)
            found = pattern.search(words) if pattern else None
            if found:
                hits.append((words[: found.start()].count(" "), found.start() - found.end(), rule.code))
    first: dict[str, str] = {}
    for _, _, code in sorted(hits):
        first.setdefault(code[:2], code)
    return list(first.values())
