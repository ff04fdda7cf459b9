"""What a trigger's placeholders give becomes the ticket that the panel would hand over."""

from typing import Any

import pytest
from pydantic import ValidationError

from copilot.core.ticket import Ticket
from copilot.core.vocabulary import Origin, Role
from copilot.service.zendesk_ticket import ZendeskTicket, ticket_of

MARIA = {"id": "7", "name": "Maria", "role": "End user"}
HELP = {"id": "9", "name": "Ines", "role": "Agent"}


def _ticket(*comments: dict[str, Any], **more: object) -> Ticket:
    made = ticket_of(ZendeskTicket.model_validate({"id": "T-5", "requester": MARIA, "comments": comments} | more))
    assert made is not None
    return made


def _said(text: str, author: dict[str, str] = MARIA, at: str = "") -> dict[str, Any]:
    return {"author": author, "created_at": at, "text": text}


def test_the_requester_reports_and_an_agent_is_support() -> None:
    made = _ticket(_said("He deleted my shop."), _said("I will look.", HELP))

    assert (made.reporter, made.origin) == ("7", Origin.CUSTOMER_REPORT)
    assert [(one.id, one.role, one.name) for one in made.participants] == [
        ("7", Role.UNKNOWN, "Maria"),
        ("9", Role.SUPPORT, "Ines"),
    ]
    assert [(one.author, one.text) for one in made.messages] == [("7", "He deleted my shop."), ("9", "I will look.")]


def test_a_ticket_that_an_agent_opened_is_an_observation_that_nobody_reported() -> None:
    made = _ticket(_said("Seen in the log.", HELP), requester=HELP)

    assert (made.reporter, made.origin) == (None, Origin.AGENT_OBSERVATION)


@pytest.mark.parametrize(
    ("times", "order"),
    [
        (("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"), ["first", "second"]),
        (("2026-03-01T11:00:00Z", "2026-03-01T10:00:00Z"), ["second", "first"]),
        (("2026-03-01T11:00:00+02:00", "2026-03-01T09:30:00Z"), ["first", "second"]),
        (("2026-03-01T11:00:00Z", "Mar 1, 2026"), ["first", "second"]),
        (("0001-01-01T00:00:00+09:00", "2026-03-01T10:00:00Z"), ["first", "second"]),
    ],
)
def test_comments_are_put_in_order_where_every_time_can_be_read(times: tuple[str, str], order: list[str]) -> None:
    made = _ticket(_said("first", at=times[0]), _said("second", at=times[1]))

    assert [one.text for one in made.messages] == order


def test_comments_of_one_second_keep_their_order_where_the_newest_is_listed_first() -> None:
    same, later = "2026-03-01T10:00:00Z", "2026-03-01T10:05:00Z"

    made = _ticket(_said("third", at=later), _said("second", at=same), _said("first", at=same))

    assert [one.text for one in made.messages] == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("value", "eligible"),
    [("mediation_yes", True), ("mediation_no", False), ("not_eligible", False), ("", None), ("-", None), ("perhaps", None)],
)
def test_whether_mediation_is_open_is_what_the_field_says_or_not_known(value: str, eligible: bool | None) -> None:
    assert _ticket(_said("Hello."), mediation=value).context.mediation_eligible is eligible


@pytest.mark.parametrize(
    ("value", "role"),
    [("marketplace_freelancer", Role.FREELANCER), ("client", Role.CLIENT), ("", Role.UNKNOWN), ("vip", Role.UNKNOWN)],
)
def test_what_the_requester_is_on_the_marketplace_is_what_the_field_says(value: str, role: Role) -> None:
    assert _ticket(_said("Hello."), marketplace_role=value).participants[0].role is role


def test_the_description_serves_where_there_are_no_comments() -> None:
    assert [one.text for one in _ticket(description="He deleted my shop.").messages] == ["He deleted my shop."]


@pytest.mark.parametrize("comments", [[], [_said("")], [_said(" \n")]])
def test_a_ticket_without_any_text_is_none(comments: list[dict[str, Any]]) -> None:
    assert ticket_of(ZendeskTicket.model_validate({"id": 5, "comments": comments})) is None


def test_ids_that_come_as_numbers_are_text() -> None:
    made = _ticket(_said("Hello.", {"id": 7, "name": "Maria"}), id=5, requester={"id": 7})  # type: ignore[dict-item]

    assert (made.id, made.reporter) == ("5", "7")


def test_a_ticket_that_is_too_large_is_refused_by_its_field() -> None:
    with pytest.raises(ValidationError, match="messages"):
        _ticket(*(_said("x" * 600_000) for _ in range(2)))
