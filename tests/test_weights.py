"""Weights: presets that do what they say, and a text that reads back as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkage_tables import NAMES, whole_country

from geo.errors import ParameterError
from geo.linkage import engine, score, weights

POINTS = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 50), min_size=1)


def test_presets_are_whole_and_said_in_both_languages():
    assert list(weights.PRESETS)[0] == "default"
    assert dict(weights.PRESETS["default"].weights) == dict(score.DEFAULT_WEIGHTS)
    for name, preset in weights.PRESETS.items():
        assert preset.name == name
        assert set(preset.weights) == set(NAMES)
        assert sum(preset.weights.values()) == pytest.approx(1.0)
        assert preset.meaning.vi.endswith(".")
        assert preset.meaning.en.endswith(".")
        assert weights.preset_of(preset.weights) == name
        assert weights.parse_weights(name) == dict(preset.weights)


@settings(max_examples=60)
@given(POINTS)
def test_whole_points_read_back_in_proportion(points):
    full = dict.fromkeys(NAMES, 0) | points
    if not any(full.values()):
        return
    text = weights.format_weights(full)
    back = weights.parse_weights(text)
    assert score.check_weights(back) == pytest.approx(score.check_weights(full), abs=1e-12)
    assert weights.format_weights(back) == text


@settings(max_examples=60)
@given(st.lists(st.floats(0, 10), min_size=7, max_size=7).filter(lambda v: sum(v) > 0.01))
def test_any_weights_read_back_to_a_thousandth(values):
    chosen = dict(zip(NAMES, values, strict=True))
    text = weights.format_weights(chosen)
    back = score.check_weights(weights.parse_weights(text))
    assert back == pytest.approx(score.check_weights(chosen), abs=0.001)
    assert weights.format_weights(weights.parse_weights(text)) == text


def test_text_is_short_and_plain():
    assert (
        weights.format_weights({**dict.fromkeys(NAMES, 0), "magnitude": 3, "need": 2}) == "magnitude.3_need.2"
    )
    assert weights.format_weights(None) == ""
    assert weights.parse_weights("inter_regional.1_data.4")["inter_regional"] == 1
    assert weights.parse_weights("") == dict(score.DEFAULT_WEIGHTS)


@pytest.mark.parametrize(
    "text", ["need", "need.-1", "price.3", "need.1_need.2", "need.0", "need.1__data.2", "need.1.5", "NEED.1"]
)
def test_bad_text_is_refused_with_a_sentence(text):
    with pytest.raises(ParameterError) as error:
        weights.parse_weights(text)
    assert error.value.vi.endswith(".")


@pytest.mark.parametrize(
    ("preset", "part"),
    [("material_first", "need"), ("inter_regional_first", "inter_regional"), ("firm_figures_first", "data"),
     ("many_small_first", "beneficiaries")],
)  # fmt: skip
def test_a_preset_raises_what_it_puts_first(preset, part):
    country = whole_country("demo", "2025")

    def mean(chosen) -> float:
        top = engine.rank(country, chosen).opportunities[:20]
        return sum(o.components[part] for o in top) / len(top)

    assert mean(weights.PRESETS[preset].weights) >= mean(None)


def test_raw_material_first_brings_more_of_it_to_the_front():
    country = whole_country("demo", "2025")

    def carried(chosen) -> int:
        return sum(o.kind == "material" for o in engine.rank(country, chosen).opportunities[:20])

    assert carried(weights.PRESETS["material_first"].weights) > carried(None)
