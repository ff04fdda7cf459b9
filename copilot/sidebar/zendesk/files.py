"""The files of a package, read from a folder or a zip without trusting either.

In: a path. Out: the files by their path in the package, and findings about what was left out: links, paths that lead elsewhere,
files that are too large. Nothing is unpacked to disk. `InputError` where there is no folder and no zip.
"""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from copilot.errors import InputError
from copilot.sidebar.zendesk.findings import Finding, error

MOST_FILES = 1_000
MOST_FILE_BYTES = 10_000_000
MOST_BYTES = 40_000_000
_ENCRYPTED = 0x1


@dataclass
class Files:
    """What was read, and what was refused."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(self, name: str, size: int, read: Callable[[], bytes]) -> None:
        """Take a file, unless it is too large, one too many, given twice, or leads elsewhere; it is read only if it is taken."""
        total = sum(map(len, self.bodies.values()))
        problems = (
            (_leads_elsewhere(name), "leads out of the package; give it a plain relative path"),
            (name in self.bodies, "is in the package twice"),
            (size > MOST_FILE_BYTES, f"is larger than {MOST_FILE_BYTES:,} bytes"),
            (total + size > MOST_BYTES, f"makes the package larger than {MOST_BYTES:,} bytes"),
            (len(self.bodies) >= MOST_FILES, f"is one too many; a package has at most {MOST_FILES:,} files"),
        )
        for is_wrong, problem in problems:
            if is_wrong:
                self.findings.append(error(name, None, problem))
                return
        self.bodies[name] = read()


def read_files(path: Path) -> Files:
    """Read a folder or a zip."""
    if path.is_dir():
        return _read_folder(path)
    try:
        return _read_zip(path)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        raise InputError(f"{path}: neither a folder nor a readable zip; give the package or the folder it is made of") from None
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such folder or file") from None
    except OSError as fault:
        raise InputError(f"{path}: cannot be read ({(fault.strerror or type(fault).__name__).lower()})") from None


def _read_folder(folder: Path) -> Files:
    files = Files()
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            files.findings.append(error(name, None, "is a symbolic link; Zendesk refuses links, put the file itself there"))
        elif path.is_file():
            files.add(name, path.stat().st_size, path.read_bytes)
    return files


def _walk(folder: Path) -> Iterator[Path]:
    """Every file and link below, hidden ones left out; no link is followed."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _read_zip(path: Path) -> Files:
    files = Files()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if stat.S_ISLNK(entry.external_attr >> 16):
                files.findings.append(
                    error(entry.filename, None, "is a symbolic link; Zendesk refuses links, put the file itself there")
                )
            elif entry.flag_bits & _ENCRYPTED:
                files.findings.append(error(entry.filename, None, "is encrypted"))
            elif not entry.is_dir() or _leads_elsewhere(entry.filename):
                files.add(entry.filename, entry.file_size, partial(archive.read, entry))
    return files


def _leads_elsewhere(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or name in ("", ".")
