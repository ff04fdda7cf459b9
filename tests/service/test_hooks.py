"""A signed message about a ticket is kept before it is acknowledged, read afterwards, and found by whoever opens the ticket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from copilot.service.documents import ZENDESK_TICKET
from copilot.service.reading_ahead import read_next
from copilot.store import arrivals as arrivals_module
from tests.service.called import TICKET, Called, Make, is_problem
from tests.service.signing import SECRETS, as_standard, as_zendesk

ZENDESK, STANDARD = "/v1/hooks/zendesk", "/v1/hooks/ticket"
OLD, EARLY = timedelta(minutes=5, seconds=3), timedelta(minutes=4, seconds=50)


@pytest.fixture
def hooked(make: Make) -> Called:
    """A service whose two hooks are open."""
    return make(**SECRETS)


async def _tell(service: Called, ticket: dict[str, Any], id: str = "msg_1") -> str:
    answer = await service.http.post(STANDARD, **as_standard(ticket, id))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["status"])


async def _read_all(service: Called) -> int:
    read = 0
    while await read_next(service.desk):
        read += 1
    return read


async def test_a_ticket_is_kept_before_the_hook_is_answered_and_not_read_until_then(hooked: Called) -> None:
    answer = await hooked.http.post(STANDARD, **as_standard(TICKET))

    assert (answer.status_code, answer.json()) == (202, {"ticket_id": "T-1", "status": "waiting"})
    assert hooked.store.arrivals.waiting() == 1
    assert hooked.reader.asked == 0


async def test_whoever_opens_the_ticket_finds_the_suggestion_and_no_reader_is_asked_again(hooked: Called) -> None:
    await _tell(hooked, TICKET)
    await _read_all(hooked)

    opened = await hooked.suggestion()

    assert hooked.reader.asked == 1
    assert opened["route"] == "content_enforcement"
    assert opened["provenance"]["extractor"] == "openai"
    assert hooked.store.arrivals.waiting() == 0


async def test_a_ticket_that_zendesk_told_of_is_found_by_the_panel_although_it_names_messages_otherwise(hooked: Called) -> None:
    told = ZENDESK_TICKET | {"comments": [_comment("He deleted my shop.\r\nHe wants $500 to put it back.")]}
    await hooked.http.post(ZENDESK, **as_zendesk(told))
    await _read_all(hooked)
    panel = {
        "id": "35436",
        "subject": "My site is gone",
        "reporter": "20978392",
        "participants": [{"id": "20978392", "role": "client", "name": "Maria"}],
        "messages": [{"id": "c77", "author": "20978392", "text": "He deleted my shop.\nHe wants $500 to put it back."}],
        "context": {"mediation_eligible": True},
    }

    opened = (await hooked.http.post("/v1/suggestions", json=panel, headers=hooked.as_("triage"))).json()

    assert hooked.reader.asked == 1
    assert opened["route"] == "mediation_disputes", "what the panel knows from the records counts"
    assert {one["id"] for one in opened["sentences"]} == {"c77.1", "c77.2"}
    assert opened["facts"][0]["evidence"] == ["c77.1"]


@pytest.mark.parametrize("change", [{"text": "He deleted my shop. All is well."}, {"author": "dev"}])
async def test_a_ticket_that_tells_something_else_is_read_anew(hooked: Called, change: dict[str, str]) -> None:
    await _tell(hooked, TICKET)
    await _read_all(hooked)
    other = TICKET | {"messages": [TICKET["messages"][0] | change]}

    await hooked.http.post("/v1/suggestions", json=other, headers=hooked.as_("triage"))

    assert hooked.reader.asked == 2


async def test_a_reading_that_was_degraded_is_not_shown_to_whoever_opens_the_ticket(make: Make) -> None:
    hooked = make(reader=_Degraded(), **SECRETS)
    await _tell(hooked, TICKET)
    await _read_all(hooked)

    await hooked.suggestion()

    assert hooked.reader.asked == 2


async def test_the_same_message_sent_twice_is_read_once(hooked: Called) -> None:
    said = [await _tell(hooked, TICKET), await _tell(hooked, TICKET), await _tell(hooked, TICKET, "msg_2")]
    read = await _read_all(hooked)
    again = await _tell(hooked, TICKET, "msg_3")

    assert (said, again) == (["waiting", "seen_before", "seen_before"], "seen_before")
    assert (read, await _read_all(hooked)) == (1, 0)


async def test_messages_about_one_ticket_are_read_as_one(hooked: Called) -> None:
    for number in range(5):
        await _tell(hooked, _grown(number), f"msg_{number}")

    assert await _read_all(hooked) == 1
    tickets = (await hooked.http.get("/v1/suggestions", headers=hooked.as_("triage"))).json()["tickets"]
    assert [one["ticket_id"] for one in tickets] == ["T-1"]
    shown = await hooked.http.get(f"/v1/suggestions/{tickets[0]['suggestion_id']}", headers=hooked.as_("triage"))
    assert "Message 4." in [one["text"].strip() for one in shown.json()["sentences"]]


async def test_an_older_message_that_comes_late_changes_nothing(hooked: Called) -> None:
    now = datetime.now(UTC)
    await hooked.http.post(STANDARD, **as_standard(_grown(2), "msg_2", now))
    await _read_all(hooked)

    late = await hooked.http.post(STANDARD, **as_standard(_grown(1), "msg_1", now - timedelta(minutes=2)))

    assert (late.status_code, late.json()["status"]) == (202, "outdated")
    assert hooked.store.arrivals.waiting() == 0


@pytest.mark.parametrize(("path", "sign"), [(ZENDESK, as_zendesk), (STANDARD, as_standard)])
@pytest.mark.parametrize("ago", [EARLY, -EARLY])
async def test_a_signature_is_good_for_five_minutes_to_either_side(hooked: Called, path: str, sign: Any, ago: timedelta) -> None:
    answer = await hooked.http.post(path, **sign(_body(path), at=datetime.now(UTC) - ago))

    assert answer.status_code == 202


@pytest.mark.parametrize(("path", "sign"), [(ZENDESK, as_zendesk), (STANDARD, as_standard)])
@pytest.mark.parametrize("ago", [OLD, -OLD])
async def test_a_signature_over_five_minutes_away_is_refused(hooked: Called, path: str, sign: Any, ago: timedelta) -> None:
    answer = await hooked.http.post(path, **sign(_body(path), at=datetime.now(UTC) - ago))

    is_problem(answer, 401, "unauthorised")
    assert hooked.store.arrivals.waiting() == 0


@pytest.mark.parametrize(("path", "sign"), [(ZENDESK, as_zendesk), (STANDARD, as_standard)])
@pytest.mark.parametrize("spoilt", ["no signature", "another secret", "another body", "another time", "no base64", "twice"])
async def test_a_message_that_is_not_signed_as_it_stands_is_refused(hooked: Called, path: str, sign: Any, spoilt: str) -> None:
    given = sign(_body(path))
    headers = given["headers"]
    signature = next(name for name in headers if name.lower().endswith("signature"))
    time = next(name for name in headers if name.lower().endswith("timestamp"))
    match spoilt:
        case "no signature":
            del headers[signature]
        case "another secret":
            given = sign(_body(path), secret="whsec_" + "QUJD" * 12)
        case "another body":
            given["content"] += b" "
        case "another time":
            headers[time] = sign(_body(path), at=datetime.now(UTC) - timedelta(seconds=60))["headers"][time]
        case "no base64":
            headers[signature] = "v1 no base64, at all"
        case _:
            given["headers"] = [*headers.items(), (signature, headers[signature])]

    answer = await hooked.http.post(path, **given)

    is_problem(answer, 401, "unauthorised")
    assert hooked.store.arrivals.waiting() == 0


@pytest.mark.parametrize(("path", "variable"), [(ZENDESK, "COPILOT_ZENDESK_HOOK_SECRET"), (STANDARD, "COPILOT_HOOK_SECRET")])
async def test_a_hook_without_a_secret_is_closed_also_where_auth_is_off(local: Called, path: str, variable: str) -> None:
    sign = as_zendesk if path == ZENDESK else as_standard
    answer = await local.http.post(path, **sign(_body(path)))

    assert variable in is_problem(answer, 404, "not_found")["detail"]


async def test_a_key_opens_no_hook(hooked: Called) -> None:
    answer = await hooked.http.post(STANDARD, json=TICKET, headers=hooked.as_("admin"))

    is_problem(answer, 401, "unauthorised")


@pytest.mark.parametrize("id", [None, "ticket", "new"])
async def test_a_ticket_without_an_id_of_its_own_is_refused(hooked: Called, id: str | None) -> None:
    nameless = {name: value for name, value in TICKET.items() if name != "id"} | ({} if id is None else {"id": id})

    answer = await hooked.http.post(STANDARD, **as_standard(nameless))

    assert is_problem(answer, 422, "invalid")["errors"][0]["field"] == "id"


async def test_what_is_signed_and_no_json_is_refused_as_such(hooked: Called) -> None:
    answer = await hooked.http.post(ZENDESK, **as_zendesk(b'{"id": "35436", "subject": "cut'))

    is_problem(answer, 400, "bad_json")


async def test_a_ticket_with_nothing_but_attachments_is_taken_and_not_read(hooked: Called) -> None:
    answer = await hooked.http.post(ZENDESK, **as_zendesk({"id": 35436, "comments": [_comment("  ")]}))

    assert (answer.status_code, answer.json()) == (202, {"ticket_id": "35436", "status": "nothing_to_read"})
    assert hooked.store.arrivals.waiting() == 0


async def test_no_more_wait_than_the_queue_holds_and_one_that_waits_may_grow(
    hooked: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals_module, "MOST_WAITING", 2)
    for number in (1, 2):
        await _tell(hooked, TICKET | {"id": f"T-{number}"}, f"msg_{number}")

    refused = await hooked.http.post(STANDARD, **as_standard(TICKET | {"id": "T-3"}, "msg_3"))
    grown = await _tell(hooked, _grown(1), "msg_4")
    await _read_all(hooked)
    again = await _tell(hooked, TICKET | {"id": "T-3"}, "msg_3")

    is_problem(refused, 503, "overloaded")
    assert int(refused.headers["retry-after"]) >= 1
    assert (grown, again) == ("waiting", "waiting")


async def test_a_hook_is_held_to_the_rate_of_a_caller(make: Make) -> None:
    hooked = make(rate_per_minute=2, **SECRETS)

    answers = [await hooked.http.post(STANDARD, **as_standard(TICKET, f"msg_{number}")) for number in range(3)]

    assert [answer.status_code for answer in answers[:2]] == [202, 202]
    is_problem(answers[2], 429, "rate_limited")


async def test_the_log_of_a_hook_holds_codes_and_no_text(hooked: Called, marked: Any) -> None:
    with capture_logs() as lines:
        await _tell(hooked, TICKET | {"messages": [{"text": marked("text")}], "subject": marked("subject")})
        await _read_all(hooked)

    shown = str(lines)
    assert "TAINT" not in shown
    assert ("hook:ticket" in shown, "waiting" in shown, "sug_" in shown) == (True, True, True)


class _Degraded:
    """Reads, and says that another reader was asked for."""

    asked = 0

    async def aread(self, *_: object) -> Any:
        from dataclasses import replace

        from tests.service.conftest import ANSWER

        self.asked += 1
        return replace(ANSWER, degraded=True)


def _comment(text: str) -> dict[str, Any]:
    return {"author": {"id": "20978392", "name": "Maria", "role": "End user"}, "text": text}


def _grown(number: int) -> dict[str, Any]:
    """The usual ticket with one message more."""
    return TICKET | {"messages": [*TICKET["messages"], {"id": "more", "author": "maria", "text": f"Message {number}."}]}


def _body(path: str) -> dict[str, Any]:
    return ZENDESK_TICKET if path == ZENDESK else TICKET
