"""Groups, regions and known plans on screen: they draw without an error and say what was computed."""

from __future__ import annotations

import pytest
from ranked_sets import grouped
from streamlit.testing.v1 import AppTest


def _draw(part: str, dataset: str, vintage: str, lang: str) -> None:
    """Script of a page that draws one of the parts alone."""
    from geo.store import catalog
    from geo.store.filters import Filters
    from ui import context, group_cards, region_views, sanity_panel, views
    from ui.text import Text
    from ui.url_state import View

    view = View(lang=lang, dataset=dataset, filters=Filters(vintage=vintage).normalised())
    ctx = context.Context(view=view, t=Text(lang), dataset=catalog.open_dataset(dataset))
    context.put(ctx)
    if part == "groups":
        group_cards.draw_groups(ctx, views.ranking(ctx).opportunities)
    elif part == "regions":
        region_views.draw_regions(ctx, views.ranking(ctx).opportunities)
    elif part == "nothing":
        group_cards.draw_groups(ctx, [])
        region_views.draw_regions(ctx, [])
    else:
        sanity_panel.draw(ctx)


def page(part: str, dataset: str, vintage: str = "2025", lang: str = "vi", **query: str) -> AppTest:
    app = AppTest.from_function(
        _draw, kwargs={"part": part, "dataset": dataset, "vintage": vintage, "lang": lang}, default_timeout=60
    )
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(str(block.value) for block in [*app.markdown, *app.caption, *app.info])


@pytest.mark.parametrize(("dataset", "vintage"), [("demo", "2025"), ("real", "pre2025")])
def test_groups_are_listed_and_explained(dataset: str, vintage: str) -> None:
    listed = grouped(dataset, vintage)
    several = [g for g in listed if len(g.provinces) >= 3] or listed
    app = page("groups", dataset, vintage)
    assert f"{len(several)} nhóm tỉnh" in said(app)
    chosen = page("groups", dataset, vintage, pick=several[0].id)
    assert several[0].sentence_vi in said(chosen)
    assert several[0].scheme_vi in said(chosen)
    assert len(chosen.dataframe) >= 4


def test_a_picked_pair_is_shown_though_pairs_are_left_out() -> None:
    pair = next(g for g in grouped("demo", "2025") if len(g.provinces) == 2)
    assert pair.sentence_en in said(page("groups", "demo", lang="en", pick=pair.id))


@pytest.mark.parametrize(("dataset", "vintage"), [("demo", "pre2025"), ("real", "2025")])
def test_regions_show_their_strongest_ties(dataset: str, vintage: str) -> None:
    app = page("regions", dataset, vintage)
    assert "cơ hội liên kết" in said(app)
    assert len(app.dataframe) == 1
    tonnes = page("regions", dataset, vintage, value="tonnes")
    assert len(tonnes.selectbox) == 1


def test_known_plans_are_shown_with_what_is_missed() -> None:
    text = said(page("sanity", "real"))
    assert "1088/QĐ-BNN-KTHT" in text
    assert "Không thấy" in text
    assert "không phải mẫu đại diện" in text
    assert "minh hoạ" in said(page("sanity", "demo"))


def test_nothing_to_show_is_said() -> None:
    assert len(page("nothing", "real").info) == 2
