"""The ASGI entry: our routes and headers around the Streamlit pages.

``streamlit run app.py`` finds ``app`` here and serves it.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import routes

app = st.App(
    Path(__file__).parent / "pages" / "shell.py",
    routes=routes.routes(),
    middleware=routes.middleware(),
)
