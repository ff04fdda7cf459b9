"""Invented exports, shaped as each desk writes them; each holds the same ticket: a customer, an agent's reply, a note."""
# ruff: noqa: E501 - exports have long rows

import json
from email.message import EmailMessage

ASKED = "Ivo deleted my shop. He says he will put it back if I pay him $500."
REPLY = "We are sorry to hear that. Which contract is it?"
NOTE = "Looks like pressure."
QUOTE = "\n\nOn Mon, 2 Mar 2026 at 10:12, Help Desk <help@example.org> wrote:\n> We are sorry to hear that. Which\n> contract is it?\n"


def _page(text: str) -> str:
    return f"<div><p>{text}</p></div>"


def _comment(id: int, author: int, text: str, *, public: bool = True, files: tuple[str, ...] = ()) -> dict:
    return {
        "id": id, "type": "Comment", "author_id": author, "body": text, "html_body": _page(text), "plain_body": text, "public": public,
        "attachments": [{"id": 7, "file_name": name, "content_type": "image/png", "size": 812} for name in files],
        "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}}, "created_at": f"2026-03-02T09:{id:02}:00Z",
        "metadata": {"system": {}, "custom": {}},
    }  # fmt: skip


ZENDESK_COMMENTS = [
    _comment(12, 101, ASKED, files=("shop gone.png",)),
    _comment(13, 201, REPLY),
    _comment(14, 201, NOTE, public=False),
    _comment(15, 101, "It is the shop contract." + QUOTE),
]
ZENDESK_TICKET = {
    "id": 35, "url": "https://acme.zendesk.com/api/v2/tickets/35.json", "subject": "Shop gone", "description": ASKED, "status": "open",
    "requester_id": 101, "submitter_id": 101, "assignee_id": 201, "tags": [], "created_at": "2026-03-02T09:12:00Z",
}  # fmt: skip
ZENDESK_USERS = [{"id": 101, "name": "Ana", "role": "end-user"}, {"id": 201, "name": "Kim", "role": "agent"}]
ZENDESK = {"ticket": ZENDESK_TICKET, "comments": ZENDESK_COMMENTS, "users": ZENDESK_USERS}
ZENDESK_LINE = {**ZENDESK_TICKET, "comments": ZENDESK_COMMENTS}


def _article(id: int, sender: str, text: str, *, internal: bool = False) -> dict:
    return {
        "id": id, "ticket_id": 9, "type": "email" if not internal else "note", "sender": sender, "internal": internal,
        "subject": "Shop gone", "body": _page(text), "content_type": "text/html", "created_by_id": 3 if sender == "Customer" else 4,
        "origin_by_id": None, "created_at": f"2026-03-02T09:{id}:00.000Z",
        "attachments": [{"id": 1, "filename": "shop gone.png", "size": "812"}] if id == 12 else [],
    }  # fmt: skip


ARTICLES = [_article(12, "Customer", ASKED), _article(13, "Agent", REPLY), _article(14, "Agent", NOTE, internal=True)]
ZAMMAD = {
    "ticket_id": 9, "ticket_article_ids": [12, 13, 14],
    "assets": {
        "Ticket": {"9": {"id": 9, "number": "10009", "title": "Shop gone"}},
        "TicketArticle": {str(one["id"]): one for one in ARTICLES},
        "User": {"3": {"id": 3, "firstname": "Ana", "lastname": ""}, "4": {"id": 4, "firstname": "Kim", "lastname": "K"}},
    },
}  # fmt: skip


def _chat(id: int, kind: int, text: str, *, private: bool = False) -> dict:
    who = {"id": 1, "name": "Ana", "type": "contact"} if kind == 0 else {"id": 1, "name": "Kim", "type": "user"}
    return {
        "id": id, "content": text, "conversation_id": 77, "message_type": kind, "content_type": "text", "private": private,
        "created_at": 1772442000 + id, "sender": who,
        "attachments": [{"file_type": "image", "data_url": "https://desk.example.org/rails/x/shop%20gone.png"}] if id == 1 else [],
    }  # fmt: skip


CHATWOOT = {
    "meta": {"labels": [], "contact": {"id": 1, "name": "Ana"}},
    "payload": [_chat(3, 1, NOTE, private=True), _chat(1, 0, ASKED), _chat(2, 1, REPLY), _chat(4, 2, "Assigned to Kim")],
}


def _part(id: int, kind: str, text: str | None, who: str) -> dict:
    return {
        "type": "conversation_part", "id": str(id), "part_type": kind, "body": text and _page(text), "created_at": 1772442000 + id,
        "author": {"type": who, "id": "5", "name": "Kim", "email": "kim@example.org"}, "attachments": [],
    }  # fmt: skip


INTERCOM = {
    "type": "conversation", "id": "88", "title": None, "created_at": 1772442000,
    "source": {
        "type": "conversation", "id": "1", "delivered_as": "customer_initiated", "subject": "<p>Shop gone</p>", "body": _page(ASKED),
        "author": {"type": "user", "id": "9", "name": "Ana"}, "attachments": [{"type": "upload", "name": "shop gone.png"}],
    },
    "conversation_parts": {
        "type": "conversation_part.list", "total_count": 3,
        "conversation_parts": [_part(1, "comment", REPLY, "admin"), _part(2, "assignment", None, "admin"), _part(3, "note", NOTE, "admin")],
    },
}  # fmt: skip

SLACK = {
    "users.json": [{"id": "U1", "real_name": "Ana"}, {"id": "U2", "real_name": "Kim"}],
    "channels.json": [{"id": "C1", "name": "help"}],
    "help/2026-03-02.json": [
        {"type": "message", "subtype": "channel_join", "user": "U1", "text": "<@U1> has joined", "ts": "1772442000.000100"},
        {"type": "message", "user": "U1", "text": ASKED, "ts": "1772442001.000100", "thread_ts": "1772442001.000100",
         "files": [{"id": "F1", "name": "shop gone.png"}]},
        {"type": "message", "user": "U2", "text": "Thanks &amp; bye <@U1>", "ts": "1772442002.000100"},
    ],
    "help/2026-03-03.json": [
        {"type": "message", "user": "U2", "text": REPLY, "ts": "1772528400.000100", "thread_ts": "1772442001.000100"},
    ],
}  # fmt: skip

CSV = f'Ticket ID,Subject,From,Body,Internal\n35,Shop gone,ana,"{ASKED}",no\n35,Shop gone,kim,{REPLY},no\n35,Shop gone,kim,{NOTE},yes\n36,Payout,bo,"Where is it, please?",no\n'


def mail(id: str, sender: str, text: str, answers: str = "", hour: int = 9) -> EmailMessage:
    """A mail as it was sent."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "help@example.org", "Löschung"
    message["Date"], message["Message-ID"] = f"Mon, 2 Mar 2026 {hour:02}:12:00 +0000", id
    if answers:
        message["In-Reply-To"] = answers
    message.set_content(text, cte="base64")
    return message


MAILS = [
    mail("<1@a>", "Ana <ana@example.org>", ASKED),
    mail("<2@a>", "Help Desk <help@example.org>", REPLY, answers="<1@a>", hour=10),
    mail("<3@a>", "Ana <ana@example.org>", "It is the shop contract." + QUOTE, answers="<2@a>", hour=11),
]
MAILS[0].add_attachment(b"x", maintype="image", subtype="png", filename="shop gone.png")
DESKS = {"zendesk": ZENDESK, "zammad": ZAMMAD, "chatwoot": CHATWOOT, "intercom": INTERCOM}
LINES = {name: json.dumps(value) for name, value in {**DESKS, "zendesk": ZENDESK_LINE}.items()}
