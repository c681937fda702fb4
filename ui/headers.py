"""Security headers on every HTTP answer; pure ASGI, so that web sockets pass untouched."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.map_base import tile_url


def content_security_policy() -> str:
    """Return the policy: this server alone; Streamlit needs inline scripts and styles and ``eval``.

    A configured tile address adds its host to the pictures, and to nothing else.
    """
    address = urlsplit(tile_url().replace("{s}.", "*."))
    tiles = (
        f" {address.scheme}://{address.netloc}"
        if address.scheme in ("http", "https") and address.netloc
        else ""
    )
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{tiles}",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            "connect-src 'self' ws: wss: data: blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class SecurityHeaders:
    """Adds the headers that a browser needs to protect the page.

    A header that an answer already carries is left as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
            "fullscreen=(self), clipboard-write=(self)",
            "Content-Security-Policy": content_security_policy(),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to the start of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            """Add the headers once, when the answer starts."""
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)
