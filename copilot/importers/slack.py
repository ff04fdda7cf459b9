"""Slack: the export of a workspace, as a folder or a zip of it; every thread is a ticket.

Taken: `CHANNEL/DATE.json` with messages, and `users.json` for names. A message that nobody answered is a ticket of one message.
Joins, topics, deleted messages and the like are left out. A message that is shared in another stands quoted below it. One
channel is held at a time, and nothing of a zip is unpacked onto the disk. Slack does not say who is an agent: the caller names
them.
"""

import html
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from copilot.core.errors import TicketError
from copilot.files.loading import MAX_BYTES, Location
from copilot.importers.records import LINE_BY_LINE, Misshapen, Record, as_records, opened, value_of
from copilot.importers.shape import EVENTS, Conversations, ImportedConversation, ImportedMessage, in_order

_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
_SPOKEN = ("", "thread_broadcast", "file_share", "me_message", "bot_message")
_IN_ARROWS = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_STEP = "name the folder of a Slack export, or its zip"
_DAMAGED = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def conversations(path: str) -> Conversations:
    """The threads of an export, channel by channel. Raises `TicketError` where it is no export."""
    export: _Folder | _Zip = _Folder(path) if Path(path).is_dir() else _Zip(path)
    days: dict[str, list[str]] = {}
    for name in sorted(export.names()):
        parts = PurePosixPath(name).parts
        if len(parts) >= 2 and _DAY.fullmatch(parts[-1]) and "__MACOSX" not in parts:
            days.setdefault("/".join(parts[:-1]), []).append(name)
    if not days:
        raise TicketError(f"{Location(path).at()}: holds no channel with days of messages; {_STEP}")
    try:
        names = _people(export)
    except (TicketError, Misshapen) as fault:
        names = {}
        yield fault if isinstance(fault, TicketError) else TicketError(f"{export.place('users.json').at()}: {fault}")
    for channel, files in days.items():
        yield from _threads(export, channel, files, names)


class _Folder:
    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def names(self) -> list[str]:
        return [found.relative_to(self._path).as_posix() for found in self._path.rglob("*.json") if found.is_file()]

    def place(self, name: str) -> Location:
        return Location(str(self._path / name))

    def read(self, name: str) -> bytes:
        with opened(str(self._path / name)) as file:
            return file.read(MAX_BYTES + 1)


class _Zip:
    def __init__(self, path: str) -> None:
        self._path = path
        opened(path).close()
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGED:
            raise TicketError(f"{Location(path).at()}: is no zip, or was cut; {_STEP}") from None

    def names(self) -> list[str]:
        return self._zip.namelist()

    def place(self, name: str) -> Location:
        return Location(f"{self._path}/{name}")

    def read(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as file:
                return file.read(MAX_BYTES + 1)
        except _DAMAGED:
            raise TicketError(f"{self.place(name).at()}: cannot be unpacked; export it again") from None


def _people(export: _Folder | _Zip) -> dict[str, str]:
    name = next((name for name in export.names() if PurePosixPath(name).name == "users.json"), None)
    if name is None:
        return {}
    users = as_records(value_of(export.read(name), export.place(name)), "")
    return {user.id("id") or "": user.text("real_name") or user.record("profile").text("real_name") for user in users}


def _threads(export: _Folder | _Zip, channel: str, files: list[str], names: dict[str, str]) -> Conversations:
    threads: dict[str, ImportedConversation] = {}
    events = 0
    read = 0
    for name in files:
        try:
            raw = export.read(name)
            read += len(raw)
            if read > MAX_BYTES:
                raise TicketError(
                    f"{export.place(channel).at()}: is over {MAX_BYTES // 1_000_000} MB; export fewer days at a time"
                )
            for message in as_records(value_of(raw, export.place(name)), ""):
                if message.text("subtype") in _SPOKEN:
                    _add(message, threads, Location(export.place(name).name), channel, names)
                else:
                    events += 1
        except TicketError as fault:
            yield TicketError(str(fault).replace(LINE_BY_LINE, "export fewer days at a time"))
        except Misshapen as fault:
            yield TicketError(f"{export.place(name).at()}: {fault}")
    for thread in threads.values():
        thread.entries = in_order(thread.entries)
        yield thread
    yield Counter({EVENTS: events})


def _add(message: Record, threads: dict[str, ImportedConversation], place: Location, channel: str, names: dict[str, str]) -> None:
    ts = message.id("ts")
    if ts is None:
        raise Misshapen(f"{message.path}.ts is missing")
    began = message.id("thread_ts") or ts
    thread = threads.setdefault(began, ImportedConversation(place, f"{PurePosixPath(channel).name}-{began}", names=dict(names)))
    author = message.id("user") or message.id("bot_id")
    if author and not thread.names.get(author):
        thread.names[author] = message.record("user_profile").text("real_name") or message.text("username")
    files = tuple(file.text("name") or "no name" for file in message.records("files"))
    text, shared = _said(message)
    quoted = tuple(_plain(one, names) for one in shared)
    thread.entries.append(ImportedMessage(_plain(text, names), author, _seconds(ts), attachments=files, quoted=quoted))
    if author and not message.id("user"):
        thread.agents.add(author)


def _said(message: Record) -> tuple[str, list[str]]:
    """A message's own words, and those of messages that are shared in it. Programs write in attachments and blocks alone."""
    attached = message.records("attachments")
    text = message.text("text")
    if not text.strip():
        text = "\n".join(filter(None, map(_of_attachment, attached))) or "\n".join(_of_blocks(message.held.get("blocks")))
        attached = []
    return text, [_of_attachment(one) for one in attached if one.flag("is_share") or one.flag("is_msg_unfurl")]


def _of_attachment(attachment: Record) -> str:
    words = [attachment.text(key) for key in ("author_name", "pretext", "title", "text")]
    return "\n".join(filter(None, words)) if any(words[1:]) else attachment.text("fallback")


def _of_blocks(block: object) -> Iterator[str]:
    """Every text of a message's blocks, however deep."""
    if isinstance(block, list):
        for one in block:
            yield from _of_blocks(one)
    elif isinstance(block, dict):
        for key, value in block.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _of_blocks(value)


def _seconds(ts: str) -> int:
    try:
        return int(ts.partition(".")[0])
    except ValueError:
        raise Misshapen("a message's ts is no time") from None


def _plain(text: str, names: dict[str, str]) -> str:
    """Slack's marks as words: `<@U1>` as the name, a link as what is shown of it and its address."""

    def shown(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@":
            return "@" + (label or names.get(target) or target)
        if sign:
            return ("#" if sign == "#" else "@") + (label or target)
        return f"{label} ({target})" if label and label not in target else target.removeprefix("mailto:").removeprefix("tel:")

    return html.unescape(_IN_ARROWS.sub(shown, text))
