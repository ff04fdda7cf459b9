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
_ADDRESS = r"<[^<>\s@]{1,100}@[^<>\s]{1,100}>"
_UNSEEN = "[ \\t\xa0\u200e\u200f\u202a-\u202e\u2066-\u2069]{0,20}"
_WROTE = re.compile(
    rf"^(?=.{{0,200}}\d)(?:.{{1,200}}\n(?!\s*[>\n]))?.{{0,200}}({_ADDRESS}).{{0,100}}[:：]{_UNSEEN}\n(?:[ \t]*\n)?(?=[ \t]*>)",
    re.MULTILINE,
)
"""Who wrote what follows marked as quoted, in any language: a figure of the date, an address and a colon."""
_FIELD = r"[^\n:<>@]{1,25}:"
_HEADERS = re.compile(
    rf"(?:(?<=\n\n)|(?<=_\n)|\A){_FIELD}(.{{0,200}}{_ADDRESS}){_UNSEEN}\n(?=(?:.+\n){{0,2}}?.*\d[:.]\d\d)(?:{_FIELD}.*\n){{2,5}}\n"
)
"""The headers of a mail, in any language: from whom with an address, when with a time, and one more at least."""


def text_of_html(html: str) -> str:
    """The words of a page or a part of one, with `>` before what it quotes. Raises `TicketError` where it cannot be read."""
    try:
        from inscriptis import get_annotated_text  # noqa: PLC0415 - an extra, needed for HTML alone
        from inscriptis.model.config import ParserConfig  # noqa: PLC0415
    except ImportError:
        raise _not_installed() from None
    if not html.strip():
        return ""
    try:
        found = get_annotated_text(html, ParserConfig(annotation_rules={"blockquote": ["quoted"]}))
    except (RecursionError, ValueError):
        raise TicketError("its HTML cannot be read; save its words as plain text") from None
    text = found["text"]
    for start, end, _ in sorted(found["label"], reverse=True):
        quoted = text[start:end].strip("\n")
        text = (
            text[:start]
            + re.sub(r"^[ \t]*", "> ", quoted, flags=re.MULTILINE)
            + text[start + len(text[start:end].rstrip("\n")) :]
        )
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
    plain = _WROTE.sub(r"On 2 March 2026 at 9:12, \1 wrote:\n", _LINE_ENDS.sub("\n", text))
    found: dict[str, str] | None = unwrap(_HEADERS.sub(r"From:\1\nDate: 2 March 2026 at 9:12\n\n", plain))
    return found


def _not_installed() -> SettingsError:
    return SettingsError(f"what reads HTML and mail is not installed: {install('import')}")
