"""A small server on this machine, as a good host would serve the book: compressed, typed, cached.

`python -m tests.browser.server` serves the built book until it is interrupted.
"""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

from .book import HTML

# What a system's own table of types may lack or name otherwise.
TYPES = {
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
}


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a small answer waits for the acknowledgement of its headers

    def do_GET(self) -> None:
        status, path = self._find()
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        is_text = kind.startswith("text/") or kind.endswith(("json", "xml"))
        packed = is_text and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _content(path, packed)
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if is_text else kind)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        # A page is asked for anew; what a page uses has its content's digest in its address.
        self.send_header("Cache-Control", "no-cache" if path.suffix == ".html" else "max-age=31536000, immutable")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def _find(self) -> tuple[HTTPStatus, Path]:
        root = Path(self.directory)
        path = (root / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        if path.is_dir():
            path /= "index.html"
        if path.is_file() and path.is_relative_to(root):
            return HTTPStatus.OK, path
        return HTTPStatus.NOT_FOUND, root / "404.html"

    def log_message(self, *args: object) -> None:
        """Say nothing: what a page asks for, the browser reports."""


@cache
def _content(path: Path, packed: bool) -> bytes:
    body = path.read_bytes() if path.is_file() else b"not found"  # a book without a 404.html
    return gzip.compress(body, mtime=0) if packed else body


@contextmanager
def serve(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on a port of its own; give the address."""
    handler = partial(Handler, directory=str(folder.resolve()))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


if __name__ == "__main__":
    with serve(HTML) as address:
        input(f"{HTML} is served at {address}; Enter ends it. ")
