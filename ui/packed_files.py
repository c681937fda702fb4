"""Files for the browser, answered from memory: packed once, and no worker thread asked for each.

A first visit fetches some hundred files, most of them Streamlit's own scripts, while the first page is being
computed. Streamlit sends them unpacked and reads each through worker threads that wait for that computation.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

#: Addresses of assets carry a version, so a browser never needs to ask again.
FOREVER = "public, max-age=31536000, immutable"
_ONE_DAY = "public, max-age=86400"
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
#: Compressed by their own format.
_DENSE = (".png", ".woff2")


@dataclass(frozen=True)
class Folder:
    """A folder of files; ``hashed`` when their names change with their contents, as Streamlit's do.

    ``joined``: further names, each for several of its neighbours (or files elsewhere) sent as one.
    """

    path: Path
    hashed: bool = False
    joined: Mapping[str, Sequence[Path]] = field(default_factory=dict)


@dataclass(frozen=True)
class _File:
    """A file in memory: its bytes as they are sent, and whether those are gzipped."""

    body: bytes
    gzipped: bool
    etag: str
    media_type: str


class PackedFiles:
    """ASGI middleware that answers the files of some folders, and passes everything else on.

    Parameters
    ----------
    app : ASGIApp
        Answers all other addresses.
    folders : mapping
        Address without a slash at its end -> folder. Only files that are there now are ever answered.
    """

    def __init__(self, app: ASGIApp, folders: Mapping[str, Folder]) -> None:
        self._app = app
        self._found: dict[str, tuple[Sequence[Path], bool]] = {}
        for address, folder in folders.items():
            single = {
                path.relative_to(folder.path).as_posix(): (path,)
                for path in folder.path.rglob("*")
                if path.suffix in _MEDIA_TYPES
            }
            for name, paths in {**single, **folder.joined}.items():
                self._found[f"{address}/{name}"] = (paths, folder.hashed)
        self._held: dict[str, _File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a file, or pass the request on."""
        if (
            scope["type"] != "http"
            or scope["method"] not in ("GET", "HEAD")
            or scope["path"] not in self._found
        ):
            await self._app(scope, receive, send)
            return
        address = scope["path"]
        paths, hashed = self._found[address]
        if address not in self._held:
            self._held[address] = await run_in_threadpool(_read, paths)
        versioned = hashed or bool(scope.get("query_string"))
        response = _response(self._held[address], Request(scope), FOREVER if versioned else _ONE_DAY)
        await response(scope, receive, send)


def _read(paths: Sequence[Path]) -> _File:
    """Read and pack one file, or several of one kind as one."""
    plain = b"\n".join(path.read_bytes() for path in paths)
    etag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
    kind = paths[0].suffix
    if kind in _DENSE:
        return _File(plain, False, etag, _MEDIA_TYPES[kind])
    return _File(gzip.compress(plain, compresslevel=6, mtime=0), True, etag, _MEDIA_TYPES[kind])


def _response(file: _File, request: Request, caching: str) -> Response:
    """Make the answer; a client that does not take gzip gets the file unpacked."""
    headers = {"ETag": file.etag, "Cache-Control": caching, "Vary": "Accept-Encoding"}
    if same(request, file.etag):
        return Response(status_code=304, headers=headers)
    if file.gzipped and takes_gzip(request):
        return Response(file.body, headers=headers | {"Content-Encoding": "gzip"}, media_type=file.media_type)
    body = gzip.decompress(file.body) if file.gzipped else file.body
    return Response(body, headers=headers, media_type=file.media_type)


def takes_gzip(request: Request) -> bool:
    """Whether the client unpacks gzip."""
    return "gzip" in request.headers.get("accept-encoding", "").lower()


def same(request: Request, etag: str) -> bool:
    """Whether the client already holds this very answer."""
    held = request.headers.get("if-none-match", "")
    return etag in [part.strip().removeprefix("W/") for part in held.split(",")]
