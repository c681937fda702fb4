"""The ASGI entry: our routes and headers around the Streamlit pages.

``streamlit run app.py`` finds ``app`` here and serves it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from ui import routes, warm


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Prepare what the first page needs before the server answers: its first map is then as fast as any."""
    await asyncio.to_thread(warm.prepare)
    yield


app = st.App(
    Path(__file__).parent / "pages" / "shell.py",
    routes=routes.routes(),
    middleware=routes.middleware(),
    lifespan=lifespan,
)
