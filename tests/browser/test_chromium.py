"""The fixtures of this folder see what they are there to see."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.watch import Watch

HOSTILE = """<meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<img src="https://elsewhere.example.org/x.png"><script>alert(1)</script>"""


def _open(chromium: Any, html: str, watch: Watch) -> None:
    context = chromium.new_context()
    watch.attach(context)
    page = context.new_page()
    page.goto("data:text/html," + quote(html))
    page.wait_for_timeout(200)
    context.close()


def test_a_request_to_another_origin_and_a_policy_breach_are_seen(chromium: Any) -> None:
    watch = Watch({"http://127.0.0.1"})

    _open(chromium, HOSTILE, watch)

    assert any(line.startswith("request to another origin: https://elsewhere") for line in watch.faults())
    assert any(line.startswith("policy breach: script-src-elem inline") for line in watch.faults())


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<script>alert(1)</script>", "dialog: 1"),
        ("<script>console.error('bad')</script>", "console error: bad"),
        ("<script>throw new Error('lost')</script>", "uncaught: lost"),
    ],
)
def test_what_a_page_does_wrong_is_seen(chromium: Any, html: str, kind: str) -> None:
    watch = Watch(set())

    _open(chromium, html, watch)

    assert any(line.startswith(kind) for line in watch.faults())


def test_what_a_test_provokes_on_purpose_is_no_fault(chromium: Any) -> None:
    watch = Watch(set())
    watch.allow("bad")

    _open(chromium, "<script>console.error('bad')</script>", watch)

    assert watch.faults() == []


def test_axe_finds_what_is_wrong_in_a_frame_too(chromium: Any, axe: Any) -> None:
    page = chromium.new_page()
    page.set_content('<html lang="en"><title>t</title><iframe title="inner" srcdoc="<button></button>"></iframe></html>')
    page.frames[1].wait_for_selector("button")

    found = axe(page)
    page.close()

    assert any("button-name" in line for line in found)
