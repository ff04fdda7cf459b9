"""What the lexical reader finds in German, as people type it."""

import pytest

from tests.readers.lexical_reading import facts, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Der Entwickler droht, meine Website zu löschen, wenn ich nicht 500 Euro extra überweise.",
            {("threat", "other", "destroy")},
        ),
        (
            "er sagt er löscht den ganzen shop wenn ich ihm keine 300€ mehr zahle",
            {("threat", "other", "destroy"), ("demand", "other", "money")},
        ),
        (
            "Der Kunde will 5 Sterne von mir, sonst gibt er mir einen Stern.",
            {("threat", "other", "bad_feedback"), ("demand", "other", "feedback")},
        ),
        ("Nachdem ich ihm gekündigt habe, hat er aus Rache alle Dateien gelöscht.", {("claim", "other", "destroy")}),
        (
            "hab ihm ne schlechte bewertung gegeben und am nächsten tag war alles weg, er hat die ganze datenbank geloescht",
            {("claim", "other", "destroy")},
        ),
        (
            "Der Programmierer hat das Passwort für mein Hosting geändert und gibt es erst wieder raus, wenn ich 800 Euro zahle.",
            {("claim", "other", "lock_out")},
        ),
        ("Er droht damit, mein Upwork-Konto zu übernehmen, falls ich nicht zahle.", {("threat", "other", "account_breach")}),
        (
            "Jemand hat sich ohne Erlaubnis in meinen Upwork Account eingeloggt und das Auszahlungskonto geändert.",
            {("claim", "other", "account_breach")},
        ),
        (
            "Die Auftraggeberin verlangt 1000 Euro, ansonsten veröffentlicht sie meine privaten Fotos im Netz.",
            {("threat", "other", "disclose"), ("demand", "other", "money")},
        ),
        (
            "Wenn ich das Geld nicht zurückzahle, will er meinem Chef schreiben, dass ich ein Betrüger bin.",
            {("threat", "other", "defame"), ("demand", "other", "money")},
        ),
        ("Der Kunde hat mir gedroht, mir die Beine zu brechen.", {("threat", "other", "violence")}),
        ("Er schrieb: überweisen Sie das Geld, sonst werden Sie es bereuen.", {("threat", "other", "unspecified")}),
        (
            "Die Kundin will den Meilenstein erst freigeben, wenn ich ihr 5 Sterne gebe, sonst zahlt sie nicht.",
            {("threat", "other", "withhold"), ("demand", "other", "feedback")},
        ),
        (
            "Er droht mit einem Chargeback, wenn ich die negative Bewertung nicht lösche.",
            {("threat", "other", "lawful_remedy"), ("demand", "other", "feedback")},
        ),
        ("Der Kunde erpresst mich, er will 5 Sterne.", {("threat", "other", "unspecified"), ("demand", "other", "feedback")}),
        (
            "Weil ich den Auftrag abgelehnt habe, hat er auf LinkedIn gepostet, dass ich eine Betrügerin bin.",
            {("claim", "other", "defame")},
        ),
    ],
)
def test_threats_demands_and_damage_are_read_as_people_type_them(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Wie kann ich meine Zahlungsmethode ändern?",
        "Ich habe mein Passwort vergessen und komme nicht mehr in mein Konto.",
        "Der Freelancer hat den Termin verpasst und antwortet nicht mehr, ich möchte mein Geld zurück.",
        "Der Kunde hat die Rechnung noch nicht bezahlt, das ist ja fast Erpressung.",
        "Ich habe Angst, dass er mir eine schlechte Bewertung gibt.",
        "Darf ich die Website abschalten, wenn der Kunde nicht zahlt?",
        "Was passiert, wenn der Freelancer meine Dateien löscht?",
        "Er hat mir nie gedroht, wir haben uns nur gestritten.",
        "Meine Domain ist abgelaufen und jetzt ist die Seite nicht mehr erreichbar.",
        "Die Arbeit war schlecht und voller Fehler, ich möchte eine Rückerstattung.",
        "Ich werde einen Streitfall eröffnen, wenn er bis Montag nicht liefert, habe ich ihm gesagt.",
        "Der Designer hat das Logo dreimal geändert und es gefällt mir immer noch nicht.",
    ],
)
def test_ordinary_questions_disputes_and_fears_accuse_nobody(text: str) -> None:
    harms = {harm for sort, _, harm in facts(read(text)) if sort != "demand"}
    assert harms <= {"withhold", "lawful_remedy"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (
            "Die Kundin schreibt, ich bekomme das Honorar erst, wenn ich ihr fünf Sterne gebe.",
            ("threat", "other", "withhold"),
        ),
        (
            "Sie hat bei allen meinen Kunden angerufen und gesagt, ich sei ein Betrüger, weil ich sie nicht genommen habe.",
            ("claim", "other", "defame"),
        ),
    ],
)
def test_a_price_on_a_review_a_leak_and_a_smear_are_read(text: str, fact: tuple[str, ...]) -> None:
    assert fact in facts(read(text))


def test_whoever_would_take_somebody_else_threatens_nothing() -> None:
    found = facts(read("Der Kunde meinte, wenn es bis Montag nicht fertig ist, nimmt er einen anderen Entwickler."))
    assert not any(fact[0] == "threat" for fact in found)


BREACH = "account_breach"


@pytest.mark.parametrize(
    "text",
    [
        "In meinem Upwork-Konto ist seit heute eine fremde Telefonnummer hinterlegt.",
        "Aus meinem Profil wurden Gebote verschickt, die ich nie abgegeben habe.",
        "Unsere frühere Assistentin loggt sich noch immer in unser Agenturkonto ein und liest mit.",
        "Mein Nachbar hat mein Profil gemietet und nun das Passwort geändert.",
        "Von meinem Upwork-Konto hat wer Connects gekauft, während ich im Urlaub war.",
        "Ein Fremder hat bei Upwork in meinem Namen einen Auftrag angenommen.",
    ],
)
def test_a_breach_of_a_marketplace_account_is_read_in_everyday_words(text: str) -> None:
    assert BREACH in {harm for sort, _, harm in facts(read(text)) if sort == "claim"}


@pytest.mark.parametrize(
    "text",
    [
        "Er schreibt, er macht mein Upwork-Konto dicht, wenn ich nicht erstatte.",
        "Sie droht, mein Freelancer-Profil zu verkaufen, falls ich den Vertrag beende.",
    ],
)
def test_a_threat_to_a_marketplace_account_is_read_as_such(text: str) -> None:
    assert ("threat", "other", BREACH) in facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Mein Konto wurde von Upwork eingeschränkt, bis mein Ausweis geprüft ist.",
        "Ich habe auf meinem Profil die Überschrift geändert, sie wird aber nicht angezeigt.",
        "Ich habe mich selbst ausgesperrt, weil ich die Nummer falsch eingetippt habe.",
        "Das Profil des Kunden ist gesperrt. Darf ich trotzdem antworten?",
        "Ich habe die Ausschreibung gelöscht und neu angelegt.",
        "Meine Connects sind verbraucht. Wie kaufe ich neue?",
        "Ich habe mich in meinem Upwork-Konto eingeloggt und sehe keine Jobs.",
    ],
)
def test_own_steps_and_the_marketplace_s_own_checks_breach_nothing(text: str) -> None:
    assert not {harm for sort, _, harm in facts(read(text)) if sort != "demand"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Ohne die Restzahlung sehen Sie Ihren Shop nie wieder, schrieb er.", ("threat", "other", "unspecified")),
        ("Die Kundin will mir die Bewertung versauen, wenn ich nicht gratis weitermache.", ("threat", "other", "bad_feedback")),
        ("Mein Freelancer hält unsere Domain als Geisel und verlangt 300 Euro.", ("claim", "other", "lock_out")),
        ("Der Kunde will, dass ich ihm die Hälfte überweise.", ("demand", "other", "money")),
        ("Er hat mir im Büro eine gescheuert.", ("claim", "other", "violence")),
    ],
)
def test_what_is_withheld_spoiled_or_asked_in_a_subordinate_clause_is_read(text: str, fact: tuple[str, ...]) -> None:
    assert fact in facts(read(text))
