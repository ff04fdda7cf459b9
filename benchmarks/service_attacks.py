"""What one caller can do to everybody else: hostile bodies and crowds against a real service, measured from outside.

Run from the top of the repository: `python -m benchmarks.service_attacks [--only PART]`. For each attack a fresh `copilot serve`
with the embedded reader is started. `hold` is the longest that `/healthz` took while the attack lasted, asked every 5 ms over a
connection that is already open. `memory` is what the service and its worker processes grew by, in their proportional share. The
last line names what broke its bound; the exit code is then 1.
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.service_load import started

HOLD_MS = 100
MEMORY_MB = 200
BODY_BYTES = 4_000_000
SERVE = [sys.executable, "-m", "copilot.cli", "serve", "--extractor", "embedded", "--port"]
NORMAL = json.dumps({"messages": [{"text": "He says he will delete my website unless I pay him $500."}]}).encode()
TRIAGE = "/v1/suggestions"


@dataclass
class Watched:
    """What was seen while an attack lasted. `keys` belong to the attacker and to somebody else."""

    url: str
    pid: int
    keys: tuple[str, str]
    outcome: str = ""
    holds: list[float] = field(default_factory=list)
    peak: int = 0

    def post(self, body: bytes, path: str = TRIAGE, caller: int = 0) -> tuple[int, bytes]:
        """Send one body and take the answer."""
        at = urlsplit(self.url)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=300)
        try:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.keys[caller]}"}
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ask_health(self, done: threading.Event) -> None:
        """Ask for `/healthz` again and again, and note how long each answer took."""
        at = urlsplit(self.url)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=300)
        while not done.is_set():
            begun = time.monotonic()
            try:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                connection.close()
            self.holds.append(time.monotonic() - begun)
            time.sleep(0.005)
        connection.close()

    def ask_memory(self, done: threading.Event) -> None:
        """Note the largest memory of the service and of every process below it."""
        while not done.is_set():
            self.peak = max(self.peak, memory(self.pid))
            time.sleep(0.02)


def memory(pid: int) -> int:
    """Kilobytes of a process and its children; what they share is counted once."""
    total = 0
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        total = int(next(line.split()[1] for line in text.splitlines() if line.startswith("Pss:")))
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (OSError, StopIteration):
        return total
    return total + sum(memory(int(child)) for child in children)


def repeated(item: bytes, size: int, before: bytes = b"[", after: bytes = b"]") -> bytes:
    """A list of one item as often as fits."""
    room = (size - len(before) - len(after)) // (len(item) + 1)
    return before + b",".join([item] * room) + after


def keys(size: int, value: bytes = b"0") -> bytes:
    """An object of as many different keys as fit."""
    room = size // (len(value) + 12)
    return b"{" + b",".join(b'"k%07d":%s' % (number, value) for number in range(room)) + b"}"


def ticket(text: str, messages: int = 1) -> bytes:
    return json.dumps({"messages": [{"text": text}] * messages}, ensure_ascii=False).encode()


def extraction(**lists: object) -> dict[str, object]:
    empty: dict[str, object] = {"parties": [], "threats": [], "demands": [], "damage_claims": [], "disputes": []}
    return empty | lists


def bodies() -> dict[str, Callable[[], bytes]]:
    """Single bodies within the limit of bytes, most of them no ticket at all."""
    inside = (b'{"messages":', b"}")
    full = BODY_BYTES - 1_000
    return {
        "600,000 empty messages, 1.8 MB": lambda: repeated(b"{}", 1_800_000, b'{"messages":[', b"]}"),
        "a million empty strings": lambda: repeated(b'""', 3_000_000, b'{"messages":[', b"]}"),
        "1.3 million empty objects": lambda: repeated(b"{}", full),
        "a million lists of one": lambda: repeated(b"[0]", full, inside[0] + b"[", b"]" + inside[1]),
        "two million numbers": lambda: repeated(b"0", full, inside[0] + b"[", b"]" + inside[1]),
        "objects in objects, 30 deep": lambda: repeated(b'{"":' * 30 + b"0" + b"}" * 30, full),
        "200,000 unknown keys": lambda: keys(full),
        "200,000 keys given twice": lambda: keys(full)[:-1] + b"," + keys(1_000)[1:-1] + b"}",
        "a message of 200,000 unknown keys": lambda: b'{"messages":[' + keys(full - 100) + b"]}",
        "2,000 messages of 100 unknown keys": lambda: repeated(keys(1_900), full, b'{"messages":[', b"]}"),
        "a key of 4 MB": lambda: b'{"' + b"k" * (full - 20) + b'":0}',
        "4 MB of escapes": lambda: b'{"messages":[{"text":"' + b"\\n" * (full // 2 - 40) + b'"}]}',
        "4 MB of quotes that do not end": lambda: b'{"messages":[{"text":"' + b'\\"' * (full // 2 - 40),
        "nested 2 million deep": lambda: b"[" * (full // 2) + b"]" * (full // 2),
        "a number of 4 million digits": lambda: b'{"messages":' + b"9" * (full - 20) + b"}",
        "a name of 3.9 MB": lambda: json.dumps(
            {"participants": [{"id": "a", "name": "n " * 1_950_000}], "messages": [{"text": "Hello there"}]}
        ).encode(),
        "100,000 participants": lambda: json.dumps(
            {"participants": [{"id": f"p{number}"} for number in range(100_000)], "messages": [{"text": "Hello there"}]}
        ).encode(),
        "a ticket of 300,000 characters": lambda: ticket("He will delete my site. " * 12_500),
        "a ticket of 400,000 characters": lambda: ticket("I want a refund, he wants a tip. " * 12_121),
        "a ticket of a million characters, a.": lambda: ticket("a. " * 333_333),
        "a ticket of a million characters, one word": lambda: ticket("a" * 1_000_000),
        "2,000 messages of 500 characters": lambda: ticket("He wants $500 or he will leave bad feedback. " * 11, 2_000),
    }


def corrections() -> dict[str, Callable[[], bytes]]:
    """Corrections of facts, sent about a suggestion that exists."""
    fact = {"by": "p2", "against": "p1", "harm": "destroy", "asset": "website"}
    kind = b'{"extraction":{"parties":[],"demands":[],"damage_claims":[],"disputes":[],"threats":'
    return {
        "a million wrong pieces of evidence": lambda: (
            kind
            + b'[{"by":"p1","against":"p2","harm":"destroy","asset":"website","evidence":'
            + repeated(b"0", 2_000_000)
            + b"}]}}"
        ),
        "300,000 facts": lambda: kind + repeated(b'{"by":"p1"}', BODY_BYTES - 1_000) + b"}}",
        "500 facts of 10 pieces": lambda: json.dumps(
            {
                "extraction": extraction(
                    parties=[{"id": one, "role": "client", "is_reporter": False, "name": None} for one in ("p1", "p2")],
                    threats=[fact | {"evidence": ["m1.1"] * 10}] * 500,
                )
            }
        ).encode(),
    }


@contextmanager
def watched() -> Iterator[Watched]:
    """A fresh service and what is seen of it."""
    with tempfile.TemporaryDirectory() as state:
        given = {name: value for name, value in os.environ.items() if not name.startswith(("COPILOT_", "OPENAI_"))}
        given |= {"COPILOT_STATE_DIR": state, "COPILOT_RATE_PER_MINUTE": "100000"}
        keys = new_key(given), new_key(given)
        with started(SERVE, given) as (url, pid):
            seen = Watched(url, pid, keys)
            for _ in range(4):
                seen.post(NORMAL)
            time.sleep(1)
            before, done = memory(pid), threading.Event()
            watchers = [threading.Thread(target=watch, args=(done,)) for watch in (seen.ask_health, seen.ask_memory)]
            for watcher in watchers:
                watcher.start()
            try:
                yield seen
            finally:
                done.set()
                for watcher in watchers:
                    watcher.join()
                seen.peak -= before


def new_key(given: dict[str, str]) -> str:
    """A key of the service, and by that a caller."""
    command = [sys.executable, "-m", "copilot.cli", "keys", "create", "--name", "attack", "--scopes", "triage"]
    told = subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout
    return next(word for word in told.split() if word.startswith("tck_"))


def one_body(seen: Watched, body: bytes, path: str = TRIAGE) -> None:
    """Send one body and say what came of it."""
    begun = time.monotonic()
    try:
        status, answer = seen.post(body, path)
    except (OSError, http.client.HTTPException) as fault:
        seen.outcome = type(fault).__name__
        return
    seconds = time.monotonic() - begun
    told = json.loads(answer)
    if status < 300:
        provenance = told["provenance"]
        detail = f"{told['route']}, {provenance['outcome']}, {len(provenance['unread']):,} of {len(told['sentences']):,} unread"
        detail += ", truncated_ticket" if "truncated_ticket" in told["cautions"] else ""
        size = f"; answer {len(answer) / 1e6:.1f} MB"
    else:
        detail, size = str(told.get("detail")), f"; {len(told.get('errors') or [])} fields named"
    seen.outcome = f"{status} in {seconds:.1f} s: {detail}{size}"


def correction(seen: Watched, body: bytes) -> None:
    """Send a correction of a suggestion that is made for it."""
    made = json.loads(seen.post(NORMAL)[1])
    one_body(seen, body, f"{TRIAGE}/{made['id']}/decisions")


def unfinished_bodies(seen: Watched) -> None:
    """Seventy connections send a header and one byte; meanwhile somebody sends a ticket."""
    at = urlsplit(seen.url)
    head = f"POST {TRIAGE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {seen.keys[0]}\r\nContent-Length: 999\r\n\r\n{{"
    opened = [socket.create_connection((at.hostname or "", at.port or 0), timeout=60) for _ in range(70)]
    try:
        for one in opened:
            one.sendall(head.encode())
        time.sleep(0.5)
        status, _ = seen.post(NORMAL, caller=1)
        same, _ = seen.post(NORMAL)
        seen.outcome = f"somebody else's ticket: {status}; another of the same caller: {same}"
    finally:
        for one in opened:
            one.close()


def many_long_tickets(seen: Watched) -> None:
    """Twelve tickets of 60,000 characters at once; a second later four ordinary ones of somebody else."""
    long = ticket("I want a refund, he wants a tip. " * 1_818)
    with ThreadPoolExecutor(16) as threads:
        crowd = [threads.submit(seen.post, long) for _ in range(12)]
        time.sleep(1)

        def ordinary() -> float:
            begun = time.monotonic()
            status, _ = seen.post(NORMAL, caller=1)
            return time.monotonic() - begun if status == 201 else float("inf")

        waited = [one.result() for one in [threads.submit(ordinary) for _ in range(4)]]
        answers = [one.result() for one in crowd]
    told = [json.loads(answer)["cautions"] for status, answer in answers if status == 201]
    cut = sum("truncated_ticket" in cautions for cautions in told)
    seen.outcome = (
        f"four others waited {max(waited):.1f} s at most; {len(told)} of 12 answered, {cut} of them read in part and say so"
    )


def nothing(seen: Watched) -> None:
    """What the machine does by itself."""
    time.sleep(10)
    seen.outcome = "-"


def attacks() -> dict[str, Callable[[Watched], None]]:
    """Every attack by its name."""
    found: dict[str, Callable[[Watched], None]] = {"nothing, for ten seconds": nothing}
    for name, body in bodies().items():
        found[name] = lambda seen, body=body: one_body(seen, body())  # type: ignore[misc]
    for name, body in corrections().items():
        found[name] = lambda seen, body=body: correction(seen, body())  # type: ignore[misc]
    found["70 bodies that never end"] = unfinished_bodies
    found["12 long tickets at once"] = many_long_tickets
    return found


def main() -> int:
    """Run the attacks and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="attacks whose name holds this")
    only = parser.parse_args().only
    broken = []
    print("| attack | hold, ms | memory, MB | outcome |\n|---|---|---|---|")
    for name, attack in attacks().items():
        if only not in name:
            continue
        with watched() as seen:
            attack(seen)
        hold, grown = max(seen.holds) * 1_000, seen.peak / 1_000
        if hold > HOLD_MS or grown > MEMORY_MB:
            broken.append(name)
        print(f"| {name} | {hold:,.0f} | {grown:,.0f} | {seen.outcome} |", flush=True)
    print(f"\nbounds: {HOLD_MS} ms and {MEMORY_MB} MB; broken by: {', '.join(broken) or 'none'}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
