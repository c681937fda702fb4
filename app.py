"""The ASGI entry: our routes and headers around the Streamlit pages.

``streamlit run app.py`` finds ``app`` here and serves it.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from ui import routes, warm


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Prepare what the first page needs while the first visitor is still connecting."""
    threading.Thread(target=warm.prepare, daemon=True).start()
    yield


app = st.App(
    Path(__file__).parent / "pages" / "shell.py",
    routes=routes.routes(),
    middleware=routes.middleware(),
    lifespan=lifespan,
)
