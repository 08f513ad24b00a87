"""A hub of models on this machine, which knows as much of the real one's protocol as its faults need."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

SHA = "0123456789abcdef0123456789abcdef01234567"
INDEX = {"_class_name": "WanPipeline", "_diffusers_version": "0.42.1", "transformer": ["diffusers", "X"]}


class Handler(BaseHTTPRequestHandler):
    """someone/gated asks for a licence, someone/plain has one revision, everything else is not there."""

    def do_HEAD(self) -> None:
        self._answer(False)

    def do_GET(self) -> None:
        self._answer(True)

    def _answer(self, body: bool) -> None:
        path = self.path.split("?")[0]
        gated = "someone/gated" in path
        if "someone/plain" not in path and not gated:
            self._send(404, {"error": "Repository not found"}, body, code="RepoNotFound")
        elif "/revision/" in path and not path.endswith(("/main", SHA)):
            self._send(404, {"error": "Invalid rev id"}, body, code="RevisionNotFound")
        elif "/resolve/" in path and gated:
            self._send(403, {"error": "Access to model someone/gated is restricted"}, body, code="GatedRepo")
        elif "/tree/" in path:
            self._send(200, [], body)
        elif "/api/models/" in path:
            files = [{"rfilename": name} for name in ("model_index.json", "transformer/model.safetensors")]
            self._send(200, {"id": "someone/plain", "sha": SHA, "siblings": files, "private": False}, body)
        else:
            self._send(404, {"error": "Entry not found"}, body, code="EntryNotFound")

    def _send(self, status: int, said: object, body: bool, code: str = "") -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if code:
            self.send_header("X-Error-Code", code)
            self.send_header("X-Error-Message", code)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's own name)
        """Says nothing."""


@contextmanager
def hub() -> Iterator[str]:
    """Its address while it is open."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
