"""Zammad: a ticket with its articles, as its API gives them.

Taken: a ticket with all its assets (`/api/v1/tickets/1?all=true`), a ticket with `articles` in it, and the list of articles of
tickets (`/api/v1/ticket_articles/by_ticket/1`). An article that is internal is an internal note.
"""

from functools import partial

from copilot.files.loading import Location
from copilot.importers.records import Misshapen, Record
from copilot.importers.shape import SUPPORT, ImportedConversation, ImportedMessage, OfARecord

NAME = "Zammad ticket"
_SENDERS = {"1": "Agent", "2": "Customer", "3": "System"}
_MAIL_TYPE = "1"
"""In assets a sender and a type stand by the numbers that every installation begins with; articles by themselves name them."""


def conversations(record: Record, place: Location) -> OfARecord:
    """The tickets of one JSON object; a list of articles comes as an object of `items`."""
    if "assets" in record:
        assets = record.record("assets")
        articles, users = assets.record("TicketArticle"), assets.record("User")
        for id in assets.record("Ticket").held:
            ticket = assets.record("Ticket").record(id)
            found = [articles.record(one) for one in articles.held]
            people = [users.record(one) for one in users.held]
            yield partial(_ticket, ticket, [one for one in found if one.id("ticket_id") == ticket.id("id")], people, place)
    elif "articles" in record:
        yield partial(_ticket, record, record.records("articles"), [], place)
    elif "items" in record:
        articles_by_ticket: dict[str | None, list[Record]] = {}
        for article in record.records("items"):
            articles_by_ticket.setdefault(article.id("ticket_id"), []).append(article)
        for number, group in articles_by_ticket.items():
            yield partial(_ticket, Record({"id": number}), group, [], place)
    else:
        raise Misshapen("has neither assets nor articles")


def _ticket(ticket: Record, articles: list[Record], users: list[Record], place: Location) -> ImportedConversation:
    id = ticket.id("number") or ticket.id("id")
    if id is None:
        raise Misshapen("the ticket's number, or an article's ticket_id, is missing")
    if not articles:
        raise Misshapen(f"{ticket.path or 'the ticket'} has no articles; export it with them (`?all=true`)")
    articles = sorted(articles, key=lambda one: one.text("created_at"))
    made = ImportedConversation(place, id, ticket.text("title") or articles[0].text("subject"), ticket.id("customer_id"))
    for user in users:
        name = " ".join(filter(None, (user.text("firstname"), user.text("lastname"))))
        made.names[user.id("id") or ""] = name
    made.agents = {_writer(article) or "" for article in articles if _sender(article) == "Agent"} - {""}
    made.entries = [_entry(article, _author(article, made)) for article in articles]
    return made


def _author(article: Record, made: ImportedConversation) -> str | None:
    """Who said it: of a customer's words that an agent typed in, the customer."""
    sender, writer = _sender(article), _writer(article)
    if sender == "System":
        return SUPPORT
    return made.reporter if sender == "Customer" and writer in made.agents else writer


def _writer(article: Record) -> str | None:
    return article.id("origin_by_id") or article.id("created_by_id")


def _entry(article: Record, author: str | None) -> ImportedMessage:
    return ImportedMessage(
        text=article.text("body"),
        author=author,
        sent_at=article.time("created_at"),
        is_html=article.text("content_type").startswith("text/html"),
        is_private=article.flag("internal"),
        is_mail=article.text("type") == "email" or article.id("type_id") == _MAIL_TYPE,
        attachments=tuple(one.text("filename") or "no name" for one in article.records("attachments")),
    )


def _sender(article: Record) -> str:
    named = article.text("sender") or _SENDERS.get(article.id("sender_id") or "", "")
    if not named:
        raise Misshapen(f"{article.path or 'an article'} has neither sender nor a sender_id from 1 to 3")
    return named
