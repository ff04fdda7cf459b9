"""What a browser loads: each page's modules as one script and its styles as one sheet, made by esbuild from the files beside.

`make bundle` runs `python -m copilot.sidebar.bundling ESBUILD`, which writes the folder `bundles` and, in `sources.json`, the
hash of each bundle and of every file that went into it. Both are committed, so neither tests nor an installed package need
esbuild. `out_of_date` says what changed since.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

SIDEBAR = Path(__file__).parent
BUNDLES = SIDEBAR / "bundles"
MANIFEST = "sources.json"
ENTRIES = {
    "panel.js": "panel/main.js",
    "panel.css": "panel/panel.css",
    "console.js": "console/console.js",
    "console.css": "console/console.css",
    "insights.js": "insights/insights.js",
    "insights.css": "insights/insights.css",
}
"""Each bundle, and the file that it begins with."""
_OPTIONS = ("--bundle", "--minify", "--format=esm", "--target=esnext", "--charset=utf8", "--log-level=warning")


def bundle(esbuild: str, out: Path) -> None:
    """Write all bundles and their manifest into a folder. Raises `CalledProcessError` where a source does not hold together."""
    out.mkdir(exist_ok=True)
    entries = [f"{Path(name).stem}={SIDEBAR / source}" for name, source in ENTRIES.items()]
    with tempfile.TemporaryDirectory() as folder:
        meta = Path(folder) / "meta.json"
        command = [str(Path(esbuild).resolve()), *entries, *_OPTIONS, f"--outdir={out.resolve()}", f"--metafile={meta}"]
        subprocess.run(command, cwd=SIDEBAR, check=True)  # noqa: S603  # the developer names the program
        made = json.loads(meta.read_text(encoding="utf-8"))
    manifest = {
        "bundles": {name: _digest(out / name) for name in sorted(ENTRIES)},
        "sources": {name: _digest(SIDEBAR / name) for name in sorted(made["inputs"])},
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def made_of() -> dict[str, str]:
    """The files, relative to this folder, that the bundles were made of, and the bundles, each with its hash at that time."""
    manifest = json.loads((BUNDLES / MANIFEST).read_text(encoding="utf-8"))
    return {**manifest["sources"], **{f"bundles/{name}": digest for name, digest in manifest["bundles"].items()}}


def out_of_date() -> list[str]:
    """Those of these files that are gone or have changed since; empty where the bundles are those of the sources."""
    return [name for name, then in made_of().items() if not (SIDEBAR / name).is_file() or _digest(SIDEBAR / name) != then]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("bundling: name the esbuild program; `make bundle` installs it and does so")
    try:
        bundle(sys.argv[1], BUNDLES)
    except (OSError, subprocess.CalledProcessError) as fault:
        sys.exit(f"bundling: esbuild did not make the bundles ({type(fault).__name__}); what it found is said above")
