"""Takes the pictures of docs/sidebar.md: `python -m tests.browser.screenshots FOLDER [NAME …]`, as `make screenshots` does.

Each picture is a state that an agent meets, in the console simulator of a service of its own. One over 200 kB is refused.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser import model_servers
from tests.browser.agent import ARABIC, HINDI, HOSTILE, INVOICE, SHOP, STARS, Agent
from tests.browser.conftest import ARGUMENTS, PROGRAMS
from tests.served import serve

MOST_BYTES = 200_000
TALLEST_PX = 1_900
CONSOLE = (1280, 860)


def nothing(agent: Agent) -> None:
    """Leave the suggestion as it came."""


def accepted(agent: Agent) -> None:
    agent.button("Accept").click()
    agent.heading("Accepted").wait_for()
    agent.page.evaluate("document.activeElement?.blur()")


def corrected(agent: Agent) -> None:
    agent.decide(lambda: agent.menu("About what", "wants").select_option("feedback"))


def being_added(agent: Agent) -> None:
    agent.unfold()
    agent.panel.get_by_role("checkbox", name="Choose sentence m1.4").check()
    agent.button("Add a fact from it").click()
    agent.heading("Add a fact").scroll_into_view_if_needed()


def being_dismissed(agent: Agent) -> None:
    agent.button("Dismiss").click()
    agent.panel.get_by_label("Reason", exact=True).wait_for()


def stale(agent: Agent) -> None:
    agent.decide(lambda: agent.menu("About what", "wants").select_option("feedback"))
    agent.page.get_by_role("button", name="Customer writes a new message").click()
    agent.says("Something new is in this ticket.").wait_for()


def keys(agent: Agent) -> None:
    agent.panel.get_by_text("Keys and settings").last.click()


@dataclass(frozen=True)
class Shot:
    """One picture. `whole`: the console; otherwise the panel alone, `width` wide and as tall as it needs to be."""

    ticket: int = SHOP
    reach: Callable[[Agent], None] = nothing
    whole: bool = False
    width: int = 380
    model: str | None = None
    wait_for: str | None = None  # words to wait for instead of a suggestion
    switches: dict[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


SHOTS = {
    "console": Shot(whole=True),
    "console-dark": Shot(STARS, whole=True, context={"color_scheme": "dark"}, switches={"theme": "dark"}),
    "panel": Shot(),
    "panel-dark": Shot(STARS, context={"color_scheme": "dark"}, switches={"theme": "dark"}),
    "corrected": Shot(reach=corrected),
    "adding-a-fact": Shot(reach=being_added),
    "dismissing": Shot(reach=being_dismissed),
    "no-escalation": Shot(INVOICE),
    "your-judgement": Shot(HINDI),
    "stale": Shot(reach=stale),
    "slow": Shot(model="silent", wait_for="Still reading"),
    "degraded": Shot(model="dead"),
    "offline": Shot(wait_for="No connection to the copilot.", switches={"network": "offline"}),
    "unauthorised": Shot(wait_for="The copilot does not know who you are.", switches={"network": "expired"}),
    "narrow": Shot(width=320),
    "right-to-left": Shot(ARABIC, context={"locale": "ar"}),
    "hostile": Shot(HOSTILE, reach=Agent.unfold),
    "keys": Shot(reach=keys),
    "accepted": Shot(reach=accepted, whole=True),  # last: from then on the ticket is a decided one
}


@contextmanager
def console_url(folder: Path, model: str | None) -> Iterator[str]:
    """A service with the console; `model` is the kind of model that it asks, None the embedded reader."""
    if model is None:
        served = serve(folder, "--console")
        yield served.url
    else:
        with model_servers.scripted(model) as server:
            served = serve(folder, "--console", more=model_servers.settings(server) | {"COPILOT_DEADLINE_SECONDS": "30"})
            yield served.url
            served.stop()
            return
    served.stop()


def take(browser: Browser, url: str, shot: Shot, path: Path) -> None:
    width, height = CONSOLE
    given = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce", "color_scheme": "light"}
    context = browser.new_context(base_url=url, **(given | shot.context))
    agent = Agent(context.new_page())
    agent.open(shot.ticket, **shot.switches)
    if shot.wait_for:
        agent.says(shot.wait_for).first.wait_for()
    else:
        agent.ready()
    if not shot.whole:
        _alone(agent, shot.width)
    shot.reach(agent)
    agent.page.wait_for_timeout(300)
    if not shot.whole:
        _alone(agent, shot.width)
        agent.page.wait_for_timeout(100)
    target = agent.page if shot.whole else agent.page.locator("iframe[name=triage-copilot]")
    target.screenshot(path=path)
    context.close()
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def _alone(agent: Agent, width: int) -> None:
    """Make the panel's frame so wide, and as tall as what is in it."""
    agent.page.evaluate(f"document.querySelector('iframe').style.width = '{width}px'")
    tall = agent.frame.evaluate("document.querySelector('triage-copilot').shadowRoot.querySelector('.panel').scrollHeight")
    wanted = min(int(tall), TALLEST_PX)
    agent.page.set_viewport_size({"width": CONSOLE[0], "height": wanted + 200})
    agent.page.evaluate(f"document.querySelector('iframe').style.height = '{wanted}px'")


def main(folder: Path, names: list[str]) -> int:
    """Take the named pictures, or all; 1 where one is too large."""
    program = next(found for name in PROGRAMS if (found := shutil.which(name)))
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {name: shot for name, shot in SHOTS.items() if not names or name in names}
    too_large = 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as state:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        for model in dict.fromkeys(shot.model for shot in wanted.values()):
            place = Path(state) / str(model)
            place.mkdir()
            with console_url(place, model) as url:
                for name, shot in wanted.items():
                    if shot.model == model:
                        path = folder / f"{name}.png"
                        take(browser, url, shot, path)
                        size = path.stat().st_size
                        too_large += size > MOST_BYTES
                        print(f"{path}  {size / 1000:.0f} kB{' TOO LARGE' if size > MOST_BYTES else ''}", flush=True)
        browser.close()
    return 1 if too_large else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
