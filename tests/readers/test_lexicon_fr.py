"""What the lexical reader finds in French, as people of France and beyond type it."""

import pytest

from tests.readers.lexical_reading import facts, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "La graphiste dit que si je ne lui vire pas 300 euros de plus elle supprime la boutique.",
            {("demand", "other", "money"), ("threat", "other", "destroy")},
        ),
        (
            "le dev a bloqué mon accès à l'hébergement et réclame 500 euros pour me le rendre",
            {("claim", "other", "lock_out"), ("demand", "other", "money")},
        ),
        (
            "Ma cliente menace de publier mon adresse si je ne refais pas le logo gratuitement.",
            {("demand", "other", "work"), ("threat", "other", "disclose")},
        ),
        (
            "il dit ke si jlui met pas 5 étoiles il formate le dépôt",
            {("demand", "other", "feedback"), ("threat", "other", "destroy")},
        ),
        ("Depuis que j'ai résilié le contrat, il a supprimé toutes les photos du site.", {("claim", "other", "destroy")}),
        (
            "Parce que je me suis plainte, il a écrit dans trois groupes Facebook que je suis une voleuse.",
            {("claim", "other", "defame")},
        ),
        (
            "quelqu'un s'est connecté à mon compte upwork et a changé mon RIB",
            {("claim", "other", "account_breach")},
        ),
        (
            "Si je ne retire pas le litige il envoie ses cousins chez moi, dit le client.",
            {("demand", "other", "contract"), ("threat", "other", "violence")},
        ),
        (
            "elle m'a dit qu'elle allait me laisser un mauvais avis si je ne rembourse pas la moitié",
            {("demand", "other", "money"), ("threat", "other", "bad_feedback")},
        ),
        (
            "Le client me fait chanter pour que je lui mette cinq étoiles.",
            {("demand", "other", "feedback"), ("threat", "other", "unspecified")},
        ),
        (
            "Je lui ai dit que s'il ne paie pas je coupe son serveur.",
            {("demand", "reporter", "money"), ("threat", "reporter", "destroy")},
        ),
        (
            "L'agence nous informe qu'à défaut de paiement elle procédera à la suppression de notre site.",
            {("demand", "other", "money"), ("threat", "other", "destroy")},
        ),
        (
            "Il exige le mot de passe de ma boîte mail, sinon il raconte tout à mon patron.",
            {("demand", "other", "information"), ("threat", "other", "defame")},
        ),
    ],
)
def test_threats_demands_and_damage_are_read_as_people_type_them(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Est-ce que je peux couper le site du client s'il ne paie pas ?",
        "J'ai peur qu'il me laisse un mauvais avis.",
        "Que se passe-t-il si le freelance supprime mes fichiers ?",
        "Il ne m'a jamais menacé, on a juste discuté du prix.",
        "Vos frais, c'est du racket.",
        "Le domaine a expiré et la page ne s'affiche plus.",
        "J'ai oublié mon mot de passe et je n'arrive plus à me connecter.",
        "Le freelance a livré en retard et ne répond plus, je veux un remboursement.",
        "Fausse alerte, le site n'avait pas été supprimé, vous pouvez fermer le ticket.",
        "Comment changer ma photo de profil ?",
        "J'envisage de le signaler, que me conseillez-vous ?",
        "J'ai un problème avec mon compte, j'attends la validation depuis 3 jours.",
        "Le bouton de retrait ne fonctionne pas depuis hier.",
    ],
)
def test_ordinary_questions_disputes_and_fears_accuse_nobody(text: str) -> None:
    harms = {harm for sort, _, harm in facts(read(text)) if sort != "demand"}
    assert harms <= {"withhold", "lawful_remedy"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (
            "La cliente dit qu'elle ne versera le solde que si je lui mets cinq étoiles.",
            ("threat", "other", "withhold"),
        ),
        (
            "Il nous a écrit qu'il devra transmettre nos prix à nos concurrents si nous ne payons pas le double.",
            ("threat", "other", "disclose"),
        ),
    ],
)
def test_a_price_on_a_review_a_leak_and_a_smear_are_read(text: str, fact: tuple[str, ...]) -> None:
    assert fact in facts(read(text))


def test_whoever_would_take_somebody_else_threatens_nothing() -> None:
    found = facts(read("La cliente dit que si ce n'est pas fini lundi elle prendra quelqu'un d'autre."))
    assert not any(fact[0] == "threat" for fact in found)
