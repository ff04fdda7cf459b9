"""What `COPILOT_REDACT=1` finds in made-up texts, and what it takes for something that it is not: shares with 95% intervals.

    python -m benchmarks.redaction --n 200

Each secret and each harmless thing stands alone in a sentence of a ticket. Numbers come from the examples and check digits of
the libraries, or from chance. Secrets that the docs call not found are measured too.
"""

import argparse
import random
from collections.abc import Callable

import phonenumbers
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from copilot import Ticket
from copilot.core.intervals import wilson
from copilot.readers.redaction import Redaction

NAMES = ("Mira Oduya", "Tibor Nagel", "José Quiroz", "Анна Петрова", "Lena-Sofie Brandt", "محمد سالم", "राहुल वर्मा")
AROUND = ("Write to {} today.", "He said {}, and then left.", "({})", "{}", "My freelancer sent {}; I said no.")
REGIONS = ("US", "GB", "DE", "FR", "BR", "RU", "IN", "PH", "MX", "UA", "CA", "PL", "TR", "NG", "VN")
Made = Callable[[random.Random], str]


def digits(chance: random.Random, count: int) -> str:
    return str(chance.randrange(1, 10)) + "".join(str(chance.randrange(10)) for _ in range(count - 1))


def phone(chance: random.Random, form: int) -> str:
    region = chance.choice(REGIONS)
    known = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    number = phonenumbers.PhoneNumber(known.country_code, known.national_number // 1000 * 1000 + chance.randrange(1000))
    return str(phonenumbers.format_number(number, form))


def card(chance: random.Random) -> str:
    body = "4" + digits(chance, 14)
    whole = body + luhn.calc_check_digit(body)
    return chance.choice([whole, " ".join(whole[i : i + 4] for i in range(0, 16, 4))])


def iban(chance: random.Random) -> str:
    number = digits(chance, 8) + digits(chance, 10)
    whole = "DE" + mod_97_10.calc_check_digits(number + "DE") + number
    return chance.choice([whole, " ".join(whole[i : i + 4] for i in range(0, 22, 4))])


def token(chance: random.Random) -> str:
    return "".join(chance.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMN23456789") for _ in range(20))


def name(chance: random.Random) -> str:
    whole = chance.choice(NAMES)
    return chance.choice([whole, whole.split()[0], whole.split()[-1].lower(), whole.upper()])


SECRETS: dict[str, Made] = {
    "mail address": lambda c: f"{token(c)[:4]}.{c.choice(['ode', 'naga'])}@mail{c.randrange(9)}.example.org",
    "phone, international": lambda c: phone(c, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    "phone, national": lambda c: phone(c, phonenumbers.PhoneNumberFormat.NATIONAL),
    "card": card,
    "IBAN": iban,
    "account, no IBAN": lambda c: digits(c, c.choice([6, 8, 9])),
    "link with a token": lambda c: f"https://shop.example/{c.choice(['reset?token=', 'i/', '#key='])}{token(c)}",
    "name on record": name,
}
HARMLESS: dict[str, Made] = {
    "amount": lambda c: f"${c.randrange(10, 90_000):,}",
    "amount with spaces": lambda c: f"{c.randrange(50, 9_000) * 1000:,}{c.choice(['', ' руб', ' €'])}".replace(",", " "),
    "years": lambda c: f"{c.randrange(1990, 2020)}-{c.randrange(2020, 2027)}",
    "date and time": lambda c: f"2026-0{c.randrange(1, 10)}-1{c.randrange(10)} 1{c.randrange(10)}:30",
    "number of 6 digits": lambda c: digits(c, 6),
    "number of 8 digits": lambda c: digits(c, 8),
    "number of 12 digits": lambda c: digits(c, 12),
    "number of 16 digits": lambda c: digits(c, 16),
    "plain link": lambda c: f"https://shop.example/{c.choice(['how-to-sell', 'pages/about', 'blog?page=2'])}",
    "ordinary words": lambda c: c.choice(["five stars", "the whole shop", "my website", "a refund", "Monday", "मेरी पूरी वेबसाइट"]),
}


def replaced(made: str, chance: random.Random) -> bool:
    text = chance.choice(AROUND).format(made)
    people = [{"id": f"p{place}", "name": one} for place, one in enumerate(NAMES)]
    ticket = Ticket.model_validate({"participants": people, "messages": [{"text": text}]})
    return made not in Redaction(ticket, "Upwork").part("m1", 0, len(text))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--n", type=int, default=200)
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    chance = random.Random(given.seed)
    for title, kinds in (("found", SECRETS), ("replaced though harmless", HARMLESS)):
        print(f"| {title} | n | share | 95% |\n|---|---|---|---|")
        for kind, make in kinds.items():
            hits = sum(replaced(make(chance), chance) for _ in range(given.n))
            low, high = wilson(hits, given.n)
            print(f"| {kind} | {given.n} | {hits / given.n:.1%} | [{low:.1%}, {high:.1%}] |")


if __name__ == "__main__":
    main()
