"""One server for each habit of a model, started when a test first asks for it."""

import json

import pytest

from copilot.readers.model import prompt, wire_schema
from tests.real_server.llama import Llama, start
from tests.real_server.tiny_model import Habit
from tests.test_doctor import READ

RIGHT = json.dumps(prompt.in_wire_order(READ, wire_schema.frozen()), separators=(",", ":"))
"""A right answer to the doctor's made-up ticket, in the schema's own order, as one token."""

_MESSAGES = (
    "{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "<turn>{{ message['role'] }}: {{ message['content'] }}</turn>{% endfor %}<turn>assistant: "
)
NO_SYSTEM_ROLE = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    + _MESSAGES
)
ROLES_IN_TURN = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}<rules>{{ messages[0]['content'] }}</rules>"
    "{% set messages = messages[1:] %}{% endif %}" + _MESSAGES
)
STRICT_TEMPLATES = {"no system role": NO_SYSTEM_ROLE, "roles in turn": ROLES_IN_TURN}


@pytest.fixture(scope="session")
def reads_rightly(tmp_path_factory: pytest.TempPathFactory) -> Llama:
    """A model that reads the doctor's made-up ticket rightly."""
    return start(tmp_path_factory.mktemp("right"), Habit(says=RIGHT))


@pytest.fixture(scope="session")
def reads_nothing(tmp_path_factory: pytest.TempPathFactory) -> Llama:
    """A model that writes the shortest answer that the schema allows."""
    return start(tmp_path_factory.mktemp("nothing"), Habit())


@pytest.fixture(scope="session")
def goes_on(tmp_path_factory: pytest.TempPathFactory) -> Llama:
    """A model that never closes a list."""
    return start(tmp_path_factory.mktemp("on"), Habit(goes_on=True))


@pytest.fixture(scope="session", params=STRICT_TEMPLATES.values(), ids=STRICT_TEMPLATES.keys())
def strict_template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Llama:
    """A model whose chat template refuses what the templates of two well-known families refuse."""
    return start(tmp_path_factory.mktemp("strict"), Habit(says=RIGHT, template=request.param))
