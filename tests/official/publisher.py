"""A publisher's server on 127.0.0.1: official addresses, and every way a download can go wrong."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answers:
    """What stands at one address: the bytes, their tag, and what goes wrong at each asking."""

    data: bytes
    etag: str | None = '"one"'
    modified: str | None = "Wed, 04 Nov 2026 10:00:00 GMT"
    kind: str = "application/octet-stream"
    faults: list[Any] = field(default_factory=list)


class Publisher:
    """Serves what is at ``pages``, by ``/host/path?query``; notes what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Answers] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        mine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                mine.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def put(self, address: str, data: bytes, **more: Any) -> Answers:
        """Put bytes at a publisher's https address."""
        page = Answers(data, **more)
        self.pages[address.removeprefix("https:/")] = page
        return page

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append((request.path, headers))
        page = self.pages.get(request.path)
        if page is None:
            _send(request, 404, b"no such file", {})
            return
        fault = page.faults.pop(0) if page.faults else None
        if isinstance(fault, tuple):
            status, extra = fault
            _send(request, status, b"", extra)
            return
        if callable(fault):
            fault(page)
            fault = None
        start, status = 0, 200
        same = headers.get("if-range") in (page.etag, page.modified)
        if "range" in headers and same and fault != "ignores ranges":
            start, status = int(headers["range"].removeprefix("bytes=").rstrip("-")), 206
        if fault == "wrong range":
            start = max(0, start - 7)
        body = page.data[start:]
        extra = {"Content-Type": page.kind}
        if page.etag:
            extra["ETag"] = page.etag
        if page.modified:
            extra["Last-Modified"] = page.modified
        if status == 206:
            extra["Content-Range"] = f"bytes {start}-{len(page.data) - 1}/{len(page.data)}"
        if isinstance(fault, int):
            _send(request, status, body, extra, cut=max(0, fault - start))
        else:
            _send(request, status, body, extra)


def _send(
    request: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    extra: dict[str, str],
    cut: int | None = None,
) -> None:
    request.send_response(status)
    for name, value in extra.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    try:
        request.wfile.write(body if cut is None else body[:cut])
        request.wfile.flush()
    except OSError:
        pass
    if cut is not None:
        request.close_connection = True
