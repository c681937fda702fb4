"""What the server answers beside the pages: files of the map, outlines, establishments by viewport, health.

Give ``routes()`` and ``middleware()`` to ``st.App``. Nothing here leaves the machine.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

import geo
from geo.errors import GeoError
from geo.places import boundaries
from geo.store import catalog
from ui import api_cells, map_shapes
from ui.headers import SecurityHeaders
from ui.map_base import MAP_BUNDLE, MAP_SCRIPTS, STATIC
from ui.packed_files import FOREVER, Folder, PackedFiles, same, takes_gzip

Authorised = Callable[[Request], bool]
#: Establishments may be asked again: the browser keeps them but checks the ETag first.
RECHECK = "private, no-cache"


def anyone(request: Request) -> bool:
    """Let every request through: the default, for a server that asks for no sign-in."""
    return True


def routes(*, authorised: Authorised = anyone, prefix: str = "") -> list[BaseRoute]:
    """Return the routes beside the pages.

    Parameters
    ----------
    authorised : callable, optional
        Tells whether a request may read the establishments; where the pages ask for a sign-in, give the
        same check here. Files of the map and outlines are public.
    prefix : str, optional
        The base path when the server runs below one (``server.baseUrlPath``), for example ``/map``.
    """
    root = _root(prefix)
    guarded = _cells(authorised)
    return [
        Route(f"{root}/assets/shapes/{{name}}.json", _shapes, methods=["GET"]),
        Route(f"{root}/api/cells", guarded, methods=["GET"]),
        Route(f"{root}/healthz", _health, methods=["GET"]),
    ]


def middleware(*, prefix: str = "") -> list[Middleware]:
    """Return the middleware of the server: headers, and the files of the map and of Streamlit.

    Parameters
    ----------
    prefix : str, optional
        As in :func:`routes`.
    """
    return [Middleware(SecurityHeaders), Middleware(PackedFiles, folders=_folders(_root(prefix)))]


def _root(prefix: str) -> str:
    """Return the base path with a slash before it, or nothing."""
    return "/" + prefix.strip("/") if prefix.strip("/") else ""


def _folders(root: str) -> dict[str, Folder]:
    """Return which folder stands at which address."""
    leaflet = _package_folder("js_lib_leaflet", "static/js_lib_leaflet")
    scripts = [leaflet / "leaflet.js", *(STATIC / f"{name}.js" for name in MAP_SCRIPTS)]
    return {
        f"{root}/assets/leaflet": Folder(leaflet),
        f"{root}/assets/fonts": Folder(_package_folder("fontpkg_be_vietnam_pro", "files")),
        f"{root}/assets/app": Folder(STATIC, joined={MAP_BUNDLE: scripts}),
        f"{root}/static": Folder(_package_folder("streamlit", "static/static"), hashed=True),
        f"{root}/component/streamlit_folium.st_folium/static": Folder(
            _package_folder("streamlit_folium", "frontend/build/static"), hashed=True
        ),
    }


def _package_folder(package: str, inside: str) -> Path:
    """Find a folder of an installed package without importing it (it may need Django)."""
    spec = find_spec(package)
    assert spec is not None, f"the package {package} is not installed: run `make run`"
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / inside


@lru_cache(maxsize=32)
def _packed_shapes(name: str, data_version: str) -> bytes:
    """Gzip one set of outlines once."""
    return gzip.compress(map_shapes.shape_bytes(name), compresslevel=6, mtime=0)


async def _shapes(request: Request) -> Response:
    """Answer one set of outlines."""
    name = request.path_params["name"]
    if name not in map_shapes.shape_names():
        return _error("Không có lớp ranh giới này.", "There are no such outlines.", request, 404)
    version = map_shapes.version()
    etag = f'"{version}-{name}"'
    caching = FOREVER if request.query_params.get("v") == version else "public, no-cache"
    if same(request, etag):
        return Response(status_code=304, headers={"ETag": etag, "Cache-Control": caching})
    packed = await run_in_threadpool(_packed_shapes, name, version)
    return _gzipped(packed, request, etag, caching, "application/geo+json")


def _cells(authorised: Authorised) -> Callable[[Request], Any]:
    """Make the handler of ``/api/cells``."""

    async def cells(request: Request) -> Response:
        """Answer the establishments in view, or a sentence that says what was wrong with the question."""
        if not authorised(request):
            return _error(
                "Bạn cần đăng nhập để xem các cơ sở; hãy tải lại trang và đăng nhập.",
                "Sign in to see the establishments; load the page again and sign in.",
                request,
                401,
            )
        try:
            length = len(request.scope.get("query_string", b""))
            question = await run_in_threadpool(api_cells.read, request.query_params.multi_items(), length)
            if same(request, question.etag):
                return Response(status_code=304, headers={"ETag": question.etag, "Cache-Control": RECHECK})
            packed = await run_in_threadpool(api_cells.answer, question)
        except GeoError as error:
            lang = api_cells.language(request.query_params)
            return JSONResponse({"error": error.text(lang)}, 400, {"Cache-Control": "no-store"})
        return _gzipped(packed, request, question.etag, RECHECK, "application/json")

    return cells


async def _health(request: Request) -> Response:
    """Say that the server lives, and with which data."""
    try:
        datasets = await run_in_threadpool(catalog.list_datasets)
        body = {
            "status": "ok",
            "version": getattr(geo, "__version__", "0"),
            "boundaries": await run_in_threadpool(boundaries.data_version),
            "datasets": [
                {"name": d.name, "kind": d.kind, "version": d.version, "establishments": d.rows()}
                for d in datasets
            ],
        }
    except (GeoError, OSError) as error:
        said = error.text("en") if isinstance(error, GeoError) else "the data folder cannot be read"
        return JSONResponse({"status": "failing", "error": said}, 503, {"Cache-Control": "no-store"})
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _gzipped(packed: bytes, request: Request, etag: str, caching: str, media_type: str) -> Response:
    """Answer gzipped bytes, unpacked for the rare client that does not take gzip."""
    headers = {"ETag": etag, "Cache-Control": caching, "Vary": "Accept-Encoding"}
    if not takes_gzip(request):
        return Response(gzip.decompress(packed), headers=headers, media_type=media_type)
    return Response(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=media_type)


def _error(vi: str, en: str, request: Request, status: int) -> Response:
    """Answer an error as one sentence in the language asked for."""
    text = en if api_cells.language(request.query_params) == "en" else vi
    return JSONResponse({"error": text}, status, {"Cache-Control": "no-store"})
