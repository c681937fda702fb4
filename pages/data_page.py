"""What data is in, from where, how good; bring in your own."""

from __future__ import annotations

from ui import context, controls, data_contents, frame, import_page, quality_page, versions_panel

MODES = {
    "contents": data_contents.draw,
    "import": import_page.draw,
    "quality": quality_page.draw,
    "versions": versions_panel.draw,
}

ctx = context.current()
t = ctx.t
slot = frame.head(ctx, "data")
mode = controls.segments(
    t("data.mode"),
    list(MODES),
    parameter="mode",
    default="contents",
    names=lambda name: t(f"data.mode_{name}"),
)
assert mode is not None, "there is a default"
frame.finding(slot, MODES[mode](ctx))
frame.foot(ctx, t("sources.all"), t(f"data.how_to_read_{mode}"))
