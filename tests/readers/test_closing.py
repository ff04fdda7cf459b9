"""A reader that is made of others closes what they hold, however deep it lies."""

import pytest

from copilot.core.reading import Reading, ReadOutcome
from copilot.readers.base import Reader, close
from copilot.readers.fallback import FallbackReader
from copilot.readers.second import SecondOpinionReader
from tests.scripted_reader import Scripted

NOTHING = Reading(None, ReadOutcome.TIMEOUT, extractor="scripted")


class Holding(Scripted):
    """A reader that holds a connection."""

    closed = 0

    async def aclose(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("place", ["first", "second", "beside"])
async def test_a_connection_is_closed_wherever_its_reader_stands(place: str) -> None:
    holding, plain = Holding(NOTHING), Scripted(NOTHING)
    readers: dict[str, Reader] = {
        "first": SecondOpinionReader(FallbackReader(holding, plain), plain),
        "second": SecondOpinionReader(FallbackReader(plain, holding), plain),
        "beside": SecondOpinionReader(FallbackReader(plain, plain), holding),
    }

    await close(readers[place])

    assert holding.closed == 1


async def test_a_reader_with_nothing_to_close_is_left_alone() -> None:
    reader = Scripted(NOTHING)

    await close(reader)

    assert not hasattr(reader, "closed")
