"""What the OpenAPI document says beside the types: every problem an endpoint can answer with, and examples."""

from typing import Any

from copilot.service.problems import KINDS, MEDIA_TYPE, ProblemDocument

Responses = dict[int | str, dict[str, Any]]

TICKET = {
    "id": "T-1001",
    "subject": "My site is gone",
    "origin": "customer_report",
    "reporter": "client-7",
    "participants": [{"id": "client-7", "role": "client"}, {"id": "dev-3", "role": "freelancer"}],
    "messages": [{"author": "client-7", "text": "He deleted my shop. He says he will put it back if I pay $500."}],
    "context": {"mediation_eligible": None},
}
EXTRACTION = {
    "parties": [
        {"id": "p1", "role": "client", "is_reporter": True, "name": None},
        {"id": "p2", "role": "freelancer", "is_reporter": False, "name": None},
    ],
    "threats": [],
    "demands": [{"by": "p2", "of": "p1", "kind": "money", "evidence": ["m1.2"]}],
    "damage_claims": [
        {
            "by": "p2",
            "against": "p1",
            "harm": "destroy",
            "asset": "website",
            "intent": "deliberate",
            "motive": "leverage",
            "evidence": ["m1.1"],
        }
    ],
    "disputes": [],
}
ZENDESK_TICKET = {
    "id": "35436",
    "subject": "My site is gone",
    "requester": {"id": "20978392", "name": "Maria", "role": "End user"},
    "marketplace_role": "marketplace_client",
    "mediation": "",
    "comments": [
        {
            "author": {"id": "20978392", "name": "Maria", "role": "End user"},
            "created_at": "2026-03-01T10:00:00Z",
            "text": "He deleted my shop. He says he will put it back if I pay $500.",
        }
    ],
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "named": {"a report": {"summary": "A customer's report", "value": TICKET}},
    "zendesk": {"a comment": {"summary": "A ticket with one comment", "value": ZENDESK_TICKET}},
    "ticket": {
        "a report": {"summary": "A customer's report", "value": TICKET},
        "the least": {"summary": "The least that is a ticket", "value": {"messages": [{"text": "Where do I find my invoice?"}]}},
    },
    "correction": {
        "facts": {"summary": "The facts as the agent corrected them", "value": {"extraction": EXTRACTION}},
        "eligible": {
            "summary": "The same, and the customer turns out to be eligible for mediation",
            "value": {"extraction": EXTRACTION, "context": {"mediation_eligible": True}},
        },
    },
    "feedback": {
        "accepted": {"summary": "Taken as it was", "value": {"action": "accepted"}},
        "changed": {
            "summary": "Sent elsewhere",
            "value": {
                "action": "changed",
                "changed_to": {"route": "mediation_disputes", "labels": []},
                "reason": "wrong_team",
            },
        },
        "dismissed": {"summary": "Put aside", "value": {"action": "dismissed", "reason": "duplicate_ticket"}},
        "undone": {"summary": "Taken back", "value": {"action": "undone"}},
    },
    "first choice": {
        "a team": {"summary": "What the agent would do", "value": {"route": "mediation_disputes"}},
        "none": {"summary": "Looked without choosing", "value": {"route": None}},
    },
    "chosen": {
        "a team": {"summary": "Another team", "value": {"chosen": {"route": "mediation_disputes", "labels": []}}},
    },
    "outcome": {
        "final": {
            "summary": "Where the ticket ended",
            "value": {"route": "content_enforcement", "labels": ["coercion_and_retaliation"]},
        }
    },
    "agent": {"one": {"summary": "A session for one agent", "value": {"agent": "agent-12"}}},
}


RULES: dict[str, dict[str, Any]] = {
    "Outcome": {
        "anyOf": [
            {"properties": {"route": {"const": "content_enforcement"}, "labels": {"uniqueItems": True}}},
            {"properties": {"labels": {"maxItems": 0}}},
        ]
    },
    "Feedback": {
        "allOf": [
            {
                "anyOf": [
                    {
                        "properties": {
                            "action": {"enum": ["accepted", "undone"]},
                            "reason": {"type": "null"},
                            "changed_to": {"type": "null"},
                        }
                    },
                    {
                        "properties": {
                            "action": {"const": "changed"},
                            "reason": {"type": "string"},
                            "changed_to": {"type": "object"},
                        },
                        "required": ["reason", "changed_to"],
                    },
                    {
                        "properties": {
                            "action": {"const": "dismissed"},
                            "reason": {"type": "string"},
                            "changed_to": {"type": "null"},
                        },
                        "required": ["reason"],
                    },
                ]
            },
            {
                "anyOf": [
                    {"properties": {"reason": {"not": {"const": "other"}}}},
                    {"properties": {"comment": {"type": "string", "pattern": r"\S"}}, "required": ["comment"]},
                ]
            },
        ]
    },
}
"""What the models check beyond single fields, in JSON Schema; a test compares the two."""


def problems_of(*codes: str) -> Responses:
    """The responses of an endpoint that can answer with these problems, one entry a status."""
    by_status: Responses = {}
    for code in codes:
        kind = KINDS[code]
        entry = by_status.setdefault(
            kind.status,
            {
                "model": ProblemDocument,
                "description": "",
                "content": {MEDIA_TYPE: {"examples": {}}},
                "headers": _headers(kind.status),
            },
        )
        entry["description"] = "; ".join(part for part in (entry["description"], kind.title) if part)
        entry["content"][MEDIA_TYPE]["examples"][code] = {
            "value": {
                "type": f"/problems/{code}",
                "title": kind.title,
                "status": kind.status,
                "detail": kind.help,
                "code": code,
                "request_id": "req_0b1c2d3e4f5061728394a5b6",
            }
        }
    return by_status


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document in which every error is a problem document, and in which schemas hold the rules between fields."""
    for name, rule in RULES.items():
        document["components"]["schemas"][name] |= rule
    document["components"]["schemas"].pop("HTTPValidationError", None)
    document["components"]["schemas"].pop("ValidationError", None)
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation.get("responses", {}).items():
                if status.isdigit() and int(status) >= 400:
                    _as_problem(response)
    return document


def _as_problem(response: dict[str, Any]) -> None:
    given = response.get("content", {}).get(MEDIA_TYPE) or problems_of("invalid")[422]["content"][MEDIA_TYPE]
    response["content"] = {MEDIA_TYPE: given | {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}


def _headers(status: int) -> dict[str, Any]:
    headers = {"X-Request-ID": {"description": "The id of the request.", "schema": {"type": "string"}}}
    if status in (409, 429, 503):
        headers["Retry-After"] = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
    if status == 401:
        headers["WWW-Authenticate"] = {"description": "Which scheme to use.", "schema": {"type": "string"}}
    return headers
