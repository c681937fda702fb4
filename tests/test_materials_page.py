"""The materials page run by Streamlit's own test runner: scenarios in the address, added, shown and taken out."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.text import catalogue

PAGES = Path(__file__).resolve().parent.parent / "pages"


def run(**parameters: str) -> AppTest:
    """Open the page with parameters of its address."""
    app = AppTest.from_file(str(PAGES / "shell.py"), default_timeout=60)
    app.run()
    app.switch_page(str(PAGES / "materials_page.py"))
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def sound(app: AppTest) -> AppTest:
    """No exception, and no error box."""
    assert not app.exception
    assert not app.error, [e.value for e in app.error]
    return app


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_scenario_of_the_address_is_told_and_taken_out() -> None:
    app = sound(run(data="demo", subject="coffee", scenario="fail.coffee.68.1"))
    assert "Lâm Đồng mất toàn bộ nguồn cà phê" in labels(app)
    said = next(i.value for i in app.info if "luồng thay đổi" in i.value)
    assert "Đắk Lắk" in said
    assert catalogue("vi")["what_if.changed_table"] in [s.value for s in app.subheader]
    app.button(key="what_if_clear").click().run()
    sound(app)
    assert "scenario" not in app.query_params
    assert not any("luồng thay đổi" in i.value for i in app.info)


@pytest.mark.parametrize("stage", ["before", "difference"])
def test_every_stage_draws(stage: str) -> None:
    app = sound(
        run(data="demo", lang="en", subject="cassava", scenario="open.cassava.01.3000000", compare=stage)
    )
    assert any("flows change" in i.value for i in app.info)


def test_a_change_is_added_and_stands_in_the_address() -> None:
    app = sound(run(data="demo", subject="coffee"))
    assert app.selectbox(key="what_if_province_fail_2025").value == "68"  # the largest source stands first
    app.button(key="what_if_add").click().run()
    assert sound(app).query_params["scenario"] == "fail.coffee.68.1"
    app.selectbox(key="what_if_kind").set_value("open").run()
    app.number_input(key="what_if_tonnes").set_value(2500.0).run()
    app.button(key="what_if_add").click().run()
    assert sound(app).query_params["scenario"] == "fail.coffee.68.1,open.coffee.01.2500"


def test_every_kind_of_change_has_its_controls() -> None:
    app = sound(run(data="demo", subject="cassava"))
    for kind in ("open", "supply", "gate", "close", "limit", "detour"):
        app.selectbox(key="what_if_kind").set_value(kind).run()
        sound(app)
        assert not app.button(key="what_if_add").disabled, kind
    app.selectbox(key="what_if_kind").set_value("open").run()
    app.session_state["what_if_by"] = "employees"
    app.run()
    assert sound(app).number_input(key="what_if_employees").value == 100


def test_parts_that_cannot_be_used_are_said_and_left_out() -> None:
    app = sound(run(subject="coffee", scenario="zzz,fail.coffee.68.1"))
    assert any("zzz" in w.value for w in app.warning)
    assert "Lâm Đồng mất toàn bộ nguồn cà phê" in labels(app)


def test_a_scenario_of_the_other_provinces_is_not_applied() -> None:
    app = sound(run(subject="coffee", vintage="pre2025", scenario="fail.coffee.68.1"))
    assert any("34" in w.value for w in app.warning)
    app.button(key="what_if_clear_other").click().run()
    assert "scenario" not in sound(app).query_params


def test_the_most_critical_source_is_tried_in_one_click() -> None:
    app = sound(run(data="demo", subject="coffee"))
    app.button(key="what_if_try").click().run()
    assert sound(app).query_params["scenario"] == "fail.coffee.68.1"


def test_a_picked_province_says_what_one_tonne_more_is_worth() -> None:
    app = sound(run(data="demo", subject="coffee", pick="01"))
    assert any(m.value.startswith("Thêm 1 tấn ở Hà Nội") for m in app.markdown)
    app.button(key="materials_unpick").click().run()
    assert "pick" not in sound(app).query_params


@pytest.mark.parametrize("subject", ["salt", "rubber", "bamboo"])
@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_thin_materials_read_well(subject: str, vintage: str) -> None:
    app = sound(run(subject=subject, vintage=vintage, mode="demand"))
    assert app.title
