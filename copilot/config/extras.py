"""How to install what an optional part needs: the name of an extra in, the command out.

The package is on no index, so the command installs from the folder of its sources.
"""


def install(extra: str) -> str:
    """The command for an extra of `pyproject.toml`."""
    return f"pip install '.[{extra}]' in the folder of the copilot's sources"
