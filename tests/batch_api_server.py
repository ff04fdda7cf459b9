"""A server that keeps to the published Batch API, and breaks it where a test says so.

It takes files of requests, checks them, makes batches of them, and gives results for what `answer` says to each body. A
batch runs until `end` is called. `faults` come first: for a method and the beginning of a path, statuses to answer with
instead; 0 hangs up before anything is done, -1 after it.
"""

import email.parser
import email.policy
import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.fault_server import completion

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
Lines = list[dict[str, Any]]


def threat() -> dict[str, Any]:
    """The completion that tells of a threat in the first sentence."""
    parties = [
        {"id": "p1", "role": "client", "is_reporter": True, "name": None},
        {"id": "p2", "role": "freelancer", "is_reporter": False, "name": None},
    ]
    told = {"by": "p2", "against": "p1", "harm": "destroy", "asset": "website", "evidence": ["m1.1"]}
    facts = {"parties": parties, "threats": [told], "demands": [], "damage_claims": [], "disputes": []}
    return completion(json.dumps(facts))


def answered(custom_id: str, body: Any, status: int = 200) -> dict[str, Any]:
    """A line of results."""
    response = {"status_code": status, "request_id": "req-1", "body": body}
    return {"id": f"batch_req_{custom_id[:8]}", "custom_id": custom_id, "response": response, "error": None}


def not_answered(custom_id: str, code: str = "batch_expired") -> dict[str, Any]:
    """A line of an error file for a request that was never run."""
    error = {"code": code, "message": "This request could not be executed before the completion window expired."}
    return {"id": f"batch_req_{custom_id[:8]}", "custom_id": custom_id, "response": None, "error": error}


@dataclass
class BatchServer:
    """The server. `files` and `batches` are what it holds now, `calls` what it was asked."""

    answer: Callable[[dict[str, Any]], tuple[int, Any]] = lambda body: (200, threat())
    faults: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    online: int = 0
    cut_downloads: int = 0
    lists: bool = True

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"stub": self}))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def count(self, method: str, beginning: str) -> int:
        return sum(call[0] == method and call[1].startswith(beginning) for call in self.calls)

    def requests(self, batch_id: str) -> Lines:
        """What was handed in for a batch."""
        return [json.loads(line) for line in self.batches[batch_id]["_requests"].splitlines()]

    def end(self, status: str = "completed", edit: Callable[[Lines, Lines], object] | None = None, last: bytes = b"") -> None:
        """End every batch that runs. `edit` changes the lines of output and of errors; `last` comes behind the output's."""
        for batch in self.batches.values():
            if batch["status"] in ("validating", "in_progress"):
                self._end(batch, status, edit, last)

    def _end(self, batch: dict[str, Any], status: str, edit: Callable[[Lines, Lines], object] | None, last: bytes) -> None:
        output: Lines = []
        errors: Lines = []
        for request in self.requests(batch["id"]):
            code, body = self.answer(request["body"])
            (output if code == 200 else errors).append(answered(request["custom_id"], body, code))
        if edit:
            edit(output, errors)
        batch["status"] = status
        batch["request_counts"] = {"total": len(output) + len(errors), "completed": len(output), "failed": len(errors)}
        for name, lines, end in (("output", output, last), ("error", errors, b"")):
            if lines or end:
                batch[f"{name}_file_id"] = file_id = self.keep(b"".join(json.dumps(one).encode() + b"\n" for one in lines) + end)
                assert file_id in self.files

    def keep(self, content: bytes) -> str:
        file_id = f"file-{len(self.calls)}-{len(self.files) + 1}"
        self.files[file_id] = content
        return file_id

    def make(self, given: dict[str, Any]) -> dict[str, Any]:
        content = self.files[given["input_file_id"]]
        problems = _problems(content, given)
        batch = {
            "id": f"batch_{len(self.batches) + 1}",
            "object": "batch",
            "endpoint": given["endpoint"],
            "completion_window": given["completion_window"],
            "input_file_id": given["input_file_id"],
            "output_file_id": None,
            "error_file_id": None,
            "created_at": 1,
            "status": "failed" if problems else "in_progress",
            "errors": {"object": "list", "data": problems} if problems else None,
            "request_counts": {"total": 0 if problems else len(content.splitlines()), "completed": 0, "failed": 0},
            "_requests": content,
        }
        self.batches[str(batch["id"])] = batch
        return batch


def _problems(content: bytes, given: dict[str, Any]) -> list[dict[str, Any]]:
    """What the provider finds before it begins."""
    lines = content.splitlines()
    if len(content) > MOST_BYTES or len(lines) > MOST_REQUESTS:
        return [{"code": "too_many_tasks", "message": "Too large.", "line": None, "param": None}]
    requests = [json.loads(line) for line in lines]
    counts = Counter(request["custom_id"] for request in requests)
    models = {request["body"]["model"] for request in requests}
    found = []
    for number, request in enumerate(requests, start=1):
        if set(request) != {"custom_id", "method", "url", "body"} or (request["method"], request["url"]) != (
            "POST",
            given["endpoint"],
        ):
            found.append(("invalid_json_line", number))
        if counts[request["custom_id"]] > 1:
            found.append(("duplicate_custom_id", number))
        if len(models) > 1:
            found.append(("mismatched_model", number))
    return [{"code": code, "message": "Shop deleted by Ivo.", "line": line, "param": None} for code, line in found]


class _Handler(BaseHTTPRequestHandler):
    stub: BatchServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, method: str) -> None:
        path = self.path.partition("?")[0].removeprefix("/v1")
        self.stub.calls.append((method, path))
        content = self.rfile.read(int(self.headers.get("content-length", 0)))
        fault = next(
            (steps.pop(0) for (m, p), steps in self.stub.faults.items() if steps and m == method and path.startswith(p)), 200
        )
        if fault == 0:
            self.close_connection = True
        elif fault in (200, -1):
            status, body = self._done(method, path, content)
            if fault == -1:
                self.close_connection = True
            else:
                self._send(status, body)
        else:
            self._send(fault, {"error": {"message": "no", "type": "some_error", "code": None, "param": None}})

    def _done(self, method: str, path: str, content: bytes) -> tuple[int, Any]:  # noqa: PLR0911 - one return a call of the API
        stub, (_, what, *rest) = self.stub, path.split("/")
        match method, what, rest:
            case "POST", "files", []:
                fields = _fields(self.headers["content-type"], content)
                assert fields["purpose"] == b"batch"
                return 200, {"id": stub.keep(fields["file"]), "object": "file", "purpose": "batch"}
            case "GET", "files", [file_id, "content"] if file_id in stub.files:
                return 200, stub.files[file_id]
            case "DELETE", "files", [file_id] if file_id in stub.files:
                del stub.files[file_id]
                return 200, {"id": file_id, "object": "file", "deleted": True}
            case "POST", "batches", [] if (given := json.loads(content))["input_file_id"] in stub.files:
                return 200, _shown(stub.make(given))
            case "GET", "batches", [batch_id] if batch_id in stub.batches:
                return 200, _shown(stub.batches[batch_id])
            case "GET", "batches", [] if stub.lists:
                return 200, {
                    "object": "list",
                    "data": [_shown(one) for one in reversed(stub.batches.values())],
                    "has_more": False,
                }
            case "POST", "chat", ["completions"]:
                stub.online += 1
                return stub.answer(json.loads(content))
        return 404, {"error": {"message": "no such thing", "type": "invalid_request_error", "code": None, "param": None}}

    def _send(self, status: int, body: Any) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        cut = isinstance(body, bytes) and self.stub.cut_downloads > 0
        self.send_response(status)
        self.send_header("content-type", "application/octet-stream" if isinstance(body, bytes) else "application/json")
        self.send_header("content-length", str(len(raw)))
        self.send_header("retry-after-ms", "1")
        if 300 <= status < 400:
            self.send_header("location", "/v1/elsewhere")
        self.end_headers()
        self.wfile.write(raw[: len(raw) // 2] if cut else raw)
        if cut:
            self.stub.cut_downloads -= 1
            self.close_connection = True


def _shown(batch: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in batch.items() if not name.startswith("_")}


def _fields(content_type: str, content: bytes) -> dict[str, bytes]:
    head = f"content-type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + content)
    found: dict[str, bytes] = {}
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            found[str(part.get_param("name", header="content-disposition"))] = payload
    return found
