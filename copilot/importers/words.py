"""A message's own words: HTML in, text out; a mail in, the reply and the quoted mail apart from each other.

Libraries know HTML and the habits of mail programs. Quoted mail is cut off and kept, never thrown away. Where it is not plain
that something is quoted mail, such as in "On Monday he wrote:" without a sender or a date, the message stays whole.
"""

import re

from copilot.config.extras import install
from copilot.core.errors import SettingsError, TicketError

_LINE_ENDS = re.compile(r"\r\n?")
_BLANK_LINES = re.compile(r"\n(?:[ \t\xa0]*\n){2,}")
_MARKS = re.compile(r"^[>\s]+", re.MULTILINE)


def text_of_html(html: str) -> str:
    """The words of a page or a part of one. Raises `TicketError` where it cannot be read."""
    try:
        from inscriptis import get_text  # noqa: PLC0415 - an extra, needed for HTML alone
    except ImportError:
        raise _not_installed() from None
    if not html.strip():
        return ""
    try:
        text = str(get_text(html))
    except (RecursionError, ValueError):
        raise TicketError("its HTML cannot be read; save its words as plain text") from None
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def reply_and_quoted(text: str) -> tuple[str, str]:
    """What a mail's writer wrote, and the mail that stands quoted below or above it; "" where there is none."""
    found = _unwrapped(text)
    whole = _LINE_ENDS.sub("\n", text).strip()
    if not found or not (found.get("from") or found.get("date")):
        return text, ""
    top, bottom = found.get("text_top", ""), found.get("text_bottom", "")
    if top and not bottom and whole.startswith(top):
        return top, whole[len(top) :].strip()
    if bottom and not top and whole.endswith(bottom):
        return bottom, whole[: -len(bottom)].strip()
    return text, ""


def repeats(quoted: str, earlier: str) -> bool:
    """Whether all words of a quoted mail stand among the letters of earlier messages; only then it says nothing new."""
    for _ in range(20):
        found = _unwrapped(quoted)
        if not found:
            break
        own = [found.get("text_top", ""), found.get("text_bottom", "")]
        if any(letters(part) not in earlier for part in own):
            return False
        quoted = found.get("text", "")
    return letters(quoted) in earlier


def letters(text: str) -> str:
    """A text by its letters and figures alone, as mails are wrapped and marked anew when they are quoted."""
    return "".join(filter(str.isalnum, _MARKS.sub("", text))).casefold()


def _unwrapped(text: str) -> dict[str, str] | None:
    try:
        from quotequail import unwrap  # noqa: PLC0415 - an extra, needed for mail alone
    except ImportError:
        raise _not_installed() from None
    found: dict[str, str] | None = unwrap(_LINE_ENDS.sub("\n", text))
    return found


def _not_installed() -> SettingsError:
    return SettingsError(f"what reads HTML and mail is not installed: {install('import')}")
