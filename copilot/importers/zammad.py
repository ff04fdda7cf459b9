"""Zammad: a ticket with its articles, as its API gives them.

Taken: a ticket with all its assets (`/api/v1/tickets/1?all=true`), a ticket with `articles` in it, and the list of articles of
tickets (`/api/v1/ticket_articles/by_ticket/1`). An article that is internal is an internal note.
"""

from collections.abc import Iterator
from itertools import groupby

from copilot.files.loading import Location
from copilot.importers.records import Misshapen, Record
from copilot.importers.shape import SUPPORT, ImportedConversation, ImportedMessage

NAME = "Zammad ticket"


def conversations(record: Record, place: Location) -> Iterator[ImportedConversation]:
    """The tickets of one JSON object; a list of articles comes as an object of `items`."""
    if "assets" in record:
        assets = record.record("assets")
        articles, users = assets.record("TicketArticle"), assets.record("User")
        for id in assets.record("Ticket").held:
            ticket = assets.record("Ticket").record(id)
            found = [articles.record(one) for one in articles.held]
            people = [users.record(one) for one in users.held]
            yield _ticket(ticket, [one for one in found if one.id("ticket_id") == ticket.id("id")], people, place)
    elif "articles" in record:
        yield _ticket(record, record.records("articles"), [], place)
    elif "items" in record:
        articles_by_ticket = groupby(record.records("items"), lambda article: article.id("ticket_id"))
        for id, group in articles_by_ticket:
            yield _ticket(Record({"id": id}), list(group), [], place)
    else:
        raise Misshapen("has neither assets nor articles")


def _ticket(ticket: Record, articles: list[Record], users: list[Record], place: Location) -> ImportedConversation:
    id = ticket.id("number") or ticket.id("id")
    if id is None:
        raise Misshapen("the ticket's number, or an article's ticket_id, is missing")
    if not articles:
        raise Misshapen(f"{ticket.path or 'the ticket'} has no articles; export it with them (`?all=true`)")
    articles = sorted(articles, key=lambda one: one.text("created_at"))
    made = ImportedConversation(place, id, ticket.text("title") or articles[0].text("subject"))
    for user in users:
        name = " ".join(filter(None, (user.text("firstname"), user.text("lastname"))))
        made.names[user.id("id") or ""] = name
    for article in articles:
        entry = _entry(article)
        if article.text("sender") != "Customer" and entry.author:
            made.agents.add(entry.author)
        made.entries.append(entry)
    return made


def _entry(article: Record) -> ImportedMessage:
    writer = article.id("origin_by_id") or article.id("created_by_id")
    is_customer = article.text("sender") == "Customer"
    return ImportedMessage(
        text=article.text("body"),
        author=writer if is_customer or article.text("sender") == "Agent" else SUPPORT,
        sent_at=article.time("created_at"),
        is_html=article.text("content_type").startswith("text/html"),
        is_private=article.flag("internal"),
        is_mail=article.text("type") == "email",
        attachments=tuple(one.text("filename") or "no name" for one in article.records("attachments")),
    )
