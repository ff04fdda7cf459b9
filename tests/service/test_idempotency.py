"""The same key and body get the first answer; nothing is done twice."""

import asyncio

import pytest

from copilot.core.reading import Reading
from tests.builders import claim, extraction
from tests.scripted_reader import Scripted
from tests.service.called import TICKET, Called, Make, is_problem
from tests.service.conftest import ANSWER

KEY = {"Idempotency-Key": "one"}


class Slow(Scripted):
    """Answers once it is let go."""

    def __init__(self) -> None:
        super().__init__(ANSWER)
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def aread(self, *given: object) -> Reading:
        self.begun.set()
        await self.go.wait()
        return self._answer("aread")


async def test_the_same_key_and_body_get_the_first_suggestion_and_no_reader_is_asked_again(service: Called) -> None:
    headers = service.as_("triage") | KEY

    first, again = [await service.http.post("/v1/suggestions", json=TICKET, headers=headers) for _ in range(2)]

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert service.reader.asked == 1


async def test_decisions_and_feedback_are_done_once_too(service: Called) -> None:
    headers = service.as_("admin") | KEY
    id = (await service.suggestion(headers))["id"]
    bodies = {
        "decisions": {"extraction": extraction(claim()).model_dump(mode="json")},
        "feedback": {"action": "dismissed", "reason": "other", "comment": "x"},
    }

    for path, body in bodies.items():
        answers = [await service.http.post(f"/v1/suggestions/{id}/{path}", json=body, headers=headers) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert answers[1].headers["idempotency-replayed"] == "true"
    assert len(list(service.store.feedback.rows())) == 1


async def test_a_key_with_another_body_is_refused_and_with_another_path_or_caller_is_another(service: Called) -> None:
    headers = service.as_("triage") | KEY
    first = (await service.http.post("/v1/suggestions", json=TICKET, headers=headers)).json()

    other_body = await service.http.post("/v1/suggestions", json=TICKET | {"id": "T-2"}, headers=headers)
    other_caller = await service.http.post("/v1/suggestions", json=TICKET, headers=service.as_("triage") | KEY)

    is_problem(other_body, 422, "key_reused")
    assert (other_caller.status_code, other_caller.json()["id"] != first["id"]) == (201, True)


async def test_while_the_first_request_is_at_work_the_second_is_asked_to_wait(make: Make) -> None:
    reader = Slow()
    called = make(reader=reader)
    headers = called.as_("triage") | KEY

    first = asyncio.create_task(called.http.post("/v1/suggestions", json=TICKET, headers=headers))
    await reader.begun.wait()
    second = await called.http.post("/v1/suggestions", json=TICKET, headers=headers)
    reader.go.set()

    is_problem(second, 409, "still_running")
    assert int(second.headers["retry-after"]) >= 1
    assert (await first).status_code == 201
    third = await called.http.post("/v1/suggestions", json=TICKET, headers=headers)
    assert third.json()["id"] == (await first).json()["id"]


async def test_of_many_at_once_one_is_done_and_all_others_wait_or_get_its_answer(service: Called) -> None:
    headers = service.as_("triage") | KEY

    answers = await asyncio.gather(*(service.http.post("/v1/suggestions", json=TICKET, headers=headers) for _ in range(20)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert service.reader.asked == 1


async def test_a_request_that_failed_may_be_tried_again_at_once_with_its_key(service: Called) -> None:
    headers = service.as_("feedback") | KEY
    path = f"/v1/suggestions/sug_{'0' * 26}/feedback"

    for _ in range(2):
        is_problem(await service.http.post(path, json={"action": "accepted"}, headers=headers), 404, "not_found")


async def test_an_answer_whose_text_is_gone_is_not_made_up(service: Called) -> None:
    headers = service.as_("admin") | KEY
    await service.suggestion(headers)
    service.store.retention.erase("maria")

    is_problem(await service.http.post("/v1/suggestions", json=TICKET, headers=headers), 410, "text_gone")


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 201), ("k" * 256, 422), ("a b", 422), ("é".encode(), 422), ("", 422)])
async def test_a_key_is_visible_ascii_of_at_most_255_characters(service: Called, key: str | bytes, status: int) -> None:
    headers = service.as_("triage") | {"Idempotency-Key": key}

    answer = await service.http.post("/v1/suggestions", json=TICKET, headers=headers)  # type: ignore[arg-type]

    assert answer.status_code == status
