"""The map: classes and colours, safe scripts, layers, legends, and a ground that asks nothing from outside."""

from __future__ import annotations

import json
import re
from itertools import combinations
from math import sqrt

import folium
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import palette
from geo.errors import ParameterError
from geo.places import admin
from ui import legend, map_shapes, map_words, maps
from ui.map_base import js_json

HOSTILE = (
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    "${window.hit=1}",
    "`+alert(1)+`",
    "{{ cycler.__init__.__globals__ }} {% raw %} {# x #}",
    "_div _0 feature_group_1 alert(coords);",
    "Công ty “Đắk Lắk” & con \u2028",
)
figures = st.lists(
    st.one_of(st.floats(-1e9, 1e9), st.just(float("nan")), st.integers(-5, 5).map(float)),
    min_size=0,
    max_size=70,
)


# ---------------------------------------------------------------- classes


@given(figures, st.integers(1, 9), st.sampled_from(palette.SCHEMES))
@settings(max_examples=150, deadline=None)
def test_every_figure_falls_into_one_counted_class(values, k, scheme):
    classes = palette.class_breaks(values, k, scheme)
    known = [v for v in values if np.isfinite(v)]
    assert sum(classes.counts) == len(known)
    assert classes.missing == len(values) - len(known)
    assert len(classes.counts) <= k
    assert list(classes.breaks) == sorted(classes.breaks)
    found = [classes.index(v) for v in known]
    assert tuple(np.bincount(found, minlength=len(classes.counts))) == classes.counts if known else not found
    for value, place in zip(known, found, strict=True):
        assert classes.breaks[place] <= value <= classes.breaks[place + 1]


@given(figures)
@settings(max_examples=100, deadline=None)
def test_a_shortage_is_never_coloured_as_a_surplus(values):
    classes = palette.diverging_breaks(values)
    colours = classes.colours(palette.DIVERGING)
    orange, blue = palette.DIVERGING[:3], palette.DIVERGING[4:]
    assert len(colours) == len(classes.counts)
    assert sum(classes.counts) + classes.missing == len(values)
    for value in values:
        place = classes.index(value)
        if place is None:
            assert not np.isfinite(value)
        elif value < 0:
            assert colours[place] in orange
        elif value > 0:
            assert colours[place] in blue


def test_quantile_classes_hold_equal_numbers():
    classes = palette.class_breaks(range(1, 101), 5)
    assert classes.counts == (20, 20, 20, 20, 20)


def test_natural_breaks_are_the_best_there_are():
    values = np.array([1.0, 2, 2.5, 9, 9.5, 10, 30, 31, 55])
    classes = palette.class_breaks(values, 3, "jenks")

    def spread(cuts):
        return sum(((part - part.mean()) ** 2).sum() for part in np.split(values, cuts))

    least = min(spread(list(cuts)) for cuts in combinations(range(1, len(values)), 2))
    chosen = np.cumsum(classes.counts)[:-1]
    assert spread(list(chosen)) == pytest.approx(least)


def test_no_figures_and_one_figure():
    assert palette.class_breaks([float("nan")] * 3).counts == ()
    assert palette.class_breaks([float("nan")] * 3).missing == 3
    assert palette.class_breaks([7.0, 7.0]).counts == (2,)


@pytest.mark.parametrize(("k", "scheme"), [(0, "quantiles"), (10, "quantiles"), (5, "equal")])
def test_wrong_classes_are_refused(k, scheme):
    with pytest.raises(ParameterError):
        palette.class_breaks([1.0, 2.0], k, scheme)


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [palette.SEQUENTIAL, palette.SEQUENTIAL_OVER])
def test_sequential_colours_darken_step_by_step(colours):
    light = [_luminance(c) for c in colours]
    assert all(a > b * 1.25 for a, b in zip(light, light[1:], strict=False))


def test_text_on_the_ground_is_legible():
    for ground in (palette.LAND, palette.SEA):
        for ink in (palette.NAMES, palette.SEA_NAMES, palette.INK):
            low, high = sorted((_luminance(ground), _luminance(ink)))
            assert (high + 0.05) / (low + 0.05) >= 4.5


# ---------------------------------------------------------------- safe scripts


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(), x, max_size=4),
    )
)
@settings(max_examples=150, deadline=None)
def test_script_values_read_back_and_hold_nothing_that_runs(value):
    text = js_json(value)
    assert json.loads(text) == value
    for inside in re.findall(r'"(?:[^"\\]|\\.)*"', text):
        assert not re.search(r"[<>&'`$_{}%#\u2028\u2029]", inside)


def test_script_values_refuse_what_json_cannot_hold():
    with pytest.raises(ValueError, match="[Nn]a[Nn]|JSON"):
        js_json([float("nan")])


def _render(*groups):
    drawn = maps.base_map()
    for group in groups:
        group.add_to(drawn)
    return drawn.get_root().render()


def test_hostile_text_stays_text_in_every_layer():
    codes = list(admin.provinces("2025").index)
    lines = list(HOSTILE)
    points = pd.DataFrame(
        {
            "lat": [16.0],
            "lon": [108.0],
            "value": [5.0],
            "key": [HOSTILE[0]],
            "name": [HOSTILE[1]],
            "label_lines": [lines],
        }
    )
    flows = pd.DataFrame(
        {
            "origin_lat": [11.0],
            "origin_lon": [107.0],
            "dest_lat": [21.0],
            "dest_lon": [105.0],
            "value": [3.0],
            "key": [HOSTILE[4]],
            "label_lines": [lines],
        }
    )
    values = pd.Series(1.0, index=codes)
    page = _render(
        maps.choropleth(values, classes=palette.class_breaks(values), tooltips={codes[0]: lines}, name=HOSTILE[0]),
        maps.outline_layer([{"codes": codes[:2], "label": lines, "key": HOSTILE[1]}]),
        maps.flows_layer(flows),
        maps.circles_layer(points),
        maps.diamonds_layer(points),
        maps.hexagons_layer([{"boundary": [[10, 105], [10, 106], [11, 106]], "colour": "#123456", "label": lines}]),
        maps.legend_control(legend.kinds_legend(HOSTILE[1], {"material": HOSTILE[0]})),
    )  # fmt: skip
    for text in (
        "window.hit=1>",
        "<img",
        "</script><script>window",
        "${window",
        "`+alert",
        "__globals__",
        "{%",
        "{#",
    ):
        assert text not in page


def test_the_base_map_asks_nothing_from_outside():
    page = _render(maps.choropleth(None))
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
    assert "cdn" not in page.lower()
    assert "jquery" not in page.lower()
    assert "../../assets/app/atlas.js" in page
    assert "../../assets/leaflet/leaflet.css" in page


def test_the_base_map_is_the_same_every_time():
    def script():
        return re.sub(r"_[0-9a-f]{32}", "", maps.base_map("pre2025", None, "en").get_root().render())

    assert script() == script()
    assert script() != re.sub(r"_[0-9a-f]{32}", "", maps.base_map("2025", None, "en").get_root().render())


def test_folium_itself_is_left_as_it_was():
    maps.base_map()
    assert any("cdn" in link for _, link in folium.Map.default_js)


# ---------------------------------------------------------------- layers


def _payload(group):
    return json.loads(group.payload)


def test_a_province_without_a_figure_is_left_to_the_hatch():
    values = pd.Series({"01": 3.0, "66": float("nan"), "68": 9.0})
    classes = palette.class_breaks(values)
    payload = _payload(maps.choropleth(values, classes=classes, selected={"68"}, only=["01", "66"]))
    assert set(payload["classes"]) == {"01", "68"}
    assert payload["selected"] == ["68"]
    assert payload["only"] == ["01", "66"]
    assert payload["colours"][payload["classes"]["68"]] == palette.SEQUENTIAL[-1]
    with pytest.raises(ParameterError):
        maps.choropleth(values)


def test_a_tinted_map_is_a_few_kilobytes():
    codes = admin.provinces("pre2025").index
    values = pd.Series(np.arange(len(codes), dtype=float), index=codes)
    group = maps.choropleth(
        values, vintage="pre2025", classes=palette.class_breaks(values), tooltips=values.map(str)
    )
    assert len(group.payload) < 6_000


def test_arguments_are_not_written():
    flows = pd.DataFrame(
        {
            "origin_lat": [11.0, None],
            "origin_lon": [107.0, 1.0],
            "dest_lat": [21.0, 1.0],
            "dest_lon": [105.0, 1.0],
            "value": [3.0, 9.0],
        }
    )
    before = flows.copy(deep=True)
    assert len(_payload(maps.flows_layer(flows))["flows"]) == 1
    pd.testing.assert_frame_equal(flows, before)


@given(st.floats(1e-3, 1e9), st.floats(0, 1))
def test_widths_and_areas_keep_their_scale(largest, share):
    value = largest * share
    assert legend.flow_width(value, largest) <= legend.flow_width(largest, largest) == 14.0
    radius = legend.circle_radius(value, largest)
    if radius > 2.5:
        assert radius / 18.0 == pytest.approx(sqrt(share), rel=1e-6)


def test_large_flows_are_drawn_under_small_ones():
    flows = pd.DataFrame(
        {"origin_lat": [11.0, 12.0], "origin_lon": [107.0, 108.0], "dest_lat": [21.0, 20.0], "dest_lon": [105.0, 106.0],
         "value": [1.0, 100.0], "key": ["small", "large"], "kind": ["material", "cluster"]}
    )  # fmt: skip
    drawn = _payload(maps.flows_layer(flows, selected="small"))
    assert [flow["k"] for flow in drawn["flows"]] == ["large", "small"]
    assert drawn["flows"][0]["c"] == palette.KINDS["cluster"]
    assert drawn["selected"] == "small"


def test_a_click_is_read_and_answered_once():
    shape = {"properties": {"province_code": "66", "click": 1}, "geometry": None}
    result = {"last_active_drawing": shape}
    assert maps.clicked(result, "province_code") == "66"
    assert maps.clicked(result, "flow_key") is None
    assert maps.clicked(None, "province_code") is None
    assert maps.clicked({"last_active_drawing": None}, "province_code") is None
    assert maps.new_click(result, "test")["province_code"] == "66"
    assert maps.new_click(result, "test") == {}
    again = {"last_active_drawing": {"properties": {"province_code": "66", "click": 2}}}
    assert maps.new_click(again, "test")["province_code"] == "66"


# ---------------------------------------------------------------- outlines for the screen


@pytest.mark.parametrize(("vintage", "count"), [("2025", 34), ("pre2025", 63)])
def test_every_province_has_its_outline_name_and_rank(vintage, count):
    shapes = json.loads(map_shapes.shape_bytes(f"provinces_{vintage}"))["features"]
    assert {s["properties"]["province_code"] for s in shapes} == set(admin.provinces(vintage).index)
    assert sorted(s["properties"]["rank"] for s in shapes) == list(range(count))
    first = min(shapes, key=lambda s: s["properties"]["rank"])["properties"]
    assert first["name_vi"] == "Hà Nội"
    assert first["name_en"] == "Ha Noi"
    assert len(map_shapes.shape_bytes(f"provinces_{vintage}")) < 450_000


def test_regions_are_drawn_for_every_set():
    for vintage in ("2025", "pre2025"):
        name = admin.default_region_set(vintage)
        shapes = json.loads(map_shapes.shape_bytes(f"regions_{name}"))["features"]
        assert {s["properties"]["region_code"] for s in shapes} == set(admin.regions(name).index)


def test_both_archipelagos_are_drawn_and_named_in_the_first_view():
    shapes = json.loads(map_shapes.shape_bytes("islands"))["features"]
    (south, west), (north, east) = maps.COUNTRY
    for group, province in (("Hoàng Sa", "Đà Nẵng"), ("Trường Sa", "Khánh Hòa")):
        own = [s for s in shapes if s["properties"]["group"] == group]
        label = [s for s in own if s["properties"]["kind"] == "label"]
        assert len([s for s in own if s["properties"]["kind"] == "island"]) >= 3
        assert len(label) == 1
        assert label[0]["properties"]["name_vi"] == f"Quần đảo {group} ({province})"
        assert label[0]["properties"]["name_en"]
        for shape in own:
            lon, lat = shape["geometry"]["coordinates"]
            assert south < lat < north
            assert west < lon < east


def test_outlines_of_groups_and_bounds():
    both = map_shapes.outline("2025", ["66", "68"])
    assert both["type"] in ("Polygon", "MultiPolygon")
    (south, west), (north, east) = map_shapes.bounds_of("2025", ["66", "68"])
    assert 10 < south < north < 15
    assert 106 < west < east < 111
    assert map_shapes.bounds_of("2025", ["nowhere"]) is None
    with pytest.raises(ParameterError):
        map_shapes.shape_bytes("provinces_1999")


# ---------------------------------------------------------------- legends and words


def test_the_legend_says_the_counts_and_hatches_the_gaps():
    classes = palette.class_breaks([1.0, 2, 3, 4, 5, 6, float("nan")], 3)
    text = legend.classes_legend(
        "Cung <cà phê>", classes, classes.colours(palette.SEQUENTIAL), unit="tấn/năm"
    )
    assert "&lt;cà phê&gt;" in text
    assert "<cà" not in text
    assert text.count("<li>") == 4
    assert palette.HATCH_LINE in text
    assert "chưa có số liệu" in text
    english = legend.classes_legend(
        "Supply", classes, classes.colours(palette.SEQUENTIAL), lang="en", fmt=lambda v: f"[{v:g}]"
    )
    assert "[1] – " in english
    assert "no figure" in english


def test_a_range_below_zero_is_not_written_with_a_dash():
    classes = palette.diverging_breaks([-5.0, -3.0, 4.0])
    text = legend.classes_legend("Cân đối", classes, classes.colours(palette.DIVERGING))
    assert "−5 đến " in text
    assert "0 – 4" in text


def test_legends_of_nothing_are_still_legends():
    none = palette.class_breaks([])
    assert "Chưa có số liệu" in legend.classes_legend("x", none, ())
    assert "<li>" not in legend.widths_legend("x", 0.0)
    assert legend.join("", "a", "b") == "ab"


def test_words_are_the_same_set_in_both_languages():
    vi, en = map_words.languages()["vi"], map_words.languages()["en"]
    assert set(vi) == set(en)
    for key, text in vi.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", en[key])), key
