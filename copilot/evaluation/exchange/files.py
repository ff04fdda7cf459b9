"""Files of other tools: written for their owner alone, and read as JSON, JSON Lines or YAML by the ending of the name."""

import json
from pathlib import Path
from typing import Any

from copilot.core.errors import reason
from copilot.evaluation.exchange.incoming import ExchangeError
from copilot.runs.private import make_folder, write_private

_TOO_DEEP = "nested too deeply; is it a data set of this tool?"
ENDINGS = (".json", ".jsonl", ".yaml", ".yml")


def write_json(path: Path, value: object) -> Path:
    """One value as JSON. Raises `ExchangeError`."""
    return write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def write_text(path: Path, text: str) -> Path:
    """A file, its folder made where it is missing. Raises `ExchangeError`."""
    try:
        make_folder(path.parent)
        write_private(path, text)
    except OSError as fault:
        raise ExchangeError(f"{path}: cannot be written ({reason(fault)}); name another --out") from None
    return path


def read_any(path: Path) -> Any:
    """What a file holds; JSON Lines are a list. Raises `ExchangeError`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise ExchangeError(f"{path}: cannot be read ({reason(fault)}); check the path") from None
    except UnicodeDecodeError as fault:
        raise ExchangeError(f"{path}: not UTF-8 at byte {fault.start}; save it as UTF-8") from None
    match path.suffix.lower():
        case ".jsonl":
            return [_json(line, f"{path}, line {number}") for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        case ".json":
            return _json(text, str(path))
        case ".yaml" | ".yml":
            return _yaml(text, path)
    raise ExchangeError(f"{path}: its name ends in none of {', '.join(ENDINGS)}; save the data set as one of these")


def a_list(value: object, path: Path, what: str) -> list[dict[str, Any]]:
    """The objects of a list. Raises `ExchangeError` where there is no list of objects."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return value
    raise ExchangeError(f"{path}: holds no {what}; name a data set of this tool")


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as fault:
        place = f", column {fault.colno}" if isinstance(fault, json.JSONDecodeError) else ""
        raise ExchangeError(f"{where}{place}: not JSON; mend it") from None
    except RecursionError:
        raise ExchangeError(f"{where}: {_TOO_DEEP}") from None


def _yaml(text: str, path: Path) -> Any:
    try:
        import yaml  # noqa: PLC0415 - only who imports YAML needs it
    except ImportError:
        raise ExchangeError(
            f"{path}: YAML needs PyYAML, which the eval extra brings: pip install pyyaml; or save it as JSON"
        ) from None
    try:
        return yaml.safe_load(text)
    except RecursionError:
        raise ExchangeError(f"{path}: {_TOO_DEEP}") from None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise ExchangeError(f"{path}{f', line {mark.line + 1}' if mark else ''}: not YAML; mend it") from None
