"""What makes the embedded reader's readings: one digest for code, weights and libraries. The same digest, the same readings."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parents[2]
_MADE_BY = (_PACKAGE / "core", _PACKAGE / "readers" / "embedded")
"""Folders whose every file counts: sentences are cut in the one, and read in the other."""
_LIBRARIES = ("numpy", "onnxruntime", "tokenizers")


@cache
def identity() -> str:
    """The digest of this installation's reader; it takes about 0.1 s, and a change of any line above gives another."""
    digest = hashlib.sha256(f"{platform.machine()} {' '.join(map(version, _LIBRARIES))}".encode())
    for folder in _MADE_BY:
        for file in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            digest.update(f"\n{file.relative_to(_PACKAGE)} {file.stat().st_size}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
