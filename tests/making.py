"""What many tests need made: the embedded reader, and an environment without settings of the product."""

import os
from functools import cache

from copilot.readers.embedded.reader import EmbeddedReader


@cache
def embedded_reader() -> EmbeddedReader:
    """The reader that needs no key, as it is without settings."""
    return EmbeddedReader()


def environment_without(*prefixes: str) -> dict[str, str]:
    """This process's environment less every setting of the product, and less what else begins with `prefixes`."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("COPILOT_", "OPENAI_", *prefixes))}
