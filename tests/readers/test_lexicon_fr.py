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


@pytest.mark.parametrize(
    "text",
    [
        "Quelqu'un s'est connecté cette nuit avec mon compte Upwork et a postulé partout.",
        "Ma boîte d'envoi contient des offres que je n'ai jamais rédigées.",
        "Je croule sous les codes par SMS d'Upwork alors que je n'ai rien demandé.",
        "Mon ancien associé a encore accès au compte de l'agence sur Upwork et il a viré deux membres.",
        "J'ai loué mon profil Upwork à une connaissance, il a changé le mot de passe et ne me laisse plus entrer.",
        "Le client dit que si je garde l'acompte il se connecte à mon profil Upwork et le supprime.",
        "Un inconnu a refusé trois invitations depuis mon Upwork.",
        "Un moyen de retrait a été ajouté sur mon compte Upwork. Ce n'est pas moi.",
        "Quelqu'un a augmenté le budget de mes annonces sur Upwork.",
    ],
)
def test_a_breach_of_a_marketplace_account_is_read_as_people_tell_it(text: str) -> None:
    assert {harm for sort, who, harm in facts(read(text)) if sort != "demand" and who == "other"} & {"account_breach"}


@pytest.mark.parametrize(
    "text",
    [
        "Upwork a suspendu mon compte et demande une pièce d'identité.",
        "J'ai envoyé une proposition depuis mon compte et elle n'apparaît pas.",
        "Si je perds mon portable, comment j'accède à mon compte ?",
        "J'ai reçu un faux mail qui demande mon mot de passe, je n'ai pas cliqué.",
        "Je pensais qu'on avait piraté mon profil mais c'était mon fils qui jouait.",
        "J'ai reçu une alerte de connexion, c'était moi depuis le bureau.",
        "Le développeur a changé le mot de passe de mon Gmail.",
        "Il me facture des heures que je n'ai jamais validées.",
        "Je n'arrive plus à me connecter à mon compte Upwork depuis ce matin.",
        "J'ai changé de banque et je veux mettre à jour mes coordonnées.",
        "J'ai vu que le freelance a changé sa photo de profil.",
    ],
)
def test_outages_checks_and_other_accounts_are_no_breach_of_a_marketplace_account(text: str) -> None:
    assert "account_breach" not in {harm for _, _, harm in facts(read(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Soit je mets cinq étoiles, soit il coupe mon blog.", {("demand", "other", "feedback"), ("threat", "other", "destroy")}),
        ("Il fera en sorte que tous apprennent quel genre de menteur je suis.", {("threat", "other", "defame")}),
        (
            "Elle a mis un verrou sur le logiciel et veut 500 euros.",
            {("claim", "other", "lock_out"), ("demand", "other", "money")},
        ),
        ("Par pure rancune il a fermé ma page Facebook.", {("claim", "other", "destroy")}),
        ("Si je le vire il part avec la chaîne, a-t-il dit.", {("threat", "other", "lock_out")}),
        ("Si tu ne veux pas que ton patron apprenne tout, rends l'argent, m'a-t-il écrit.", {("threat", "other", "defame")}),
        (
            "À défaut d'un versement de 300 euros le site cesserait de fonctionner, m'a-t-il écrit.",
            {("threat", "other", "destroy")},
        ),
    ],
)
def test_bargains_keys_and_revenge_are_read_in_everyday_words(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Elle a effacé l'ancienne base à ma demande.",
        "S'il ne baisse pas le prix je prends un autre graphiste.",
        "Je traduis un roman dans lequel un pirate menace de tout effacer.",
        "Le site était en panne, l'hébergeur a confirmé un incident chez lui.",
        "Il m'a mis une étoile juste pour se venger.",
    ],
)
def test_agreed_steps_stories_and_ordinary_choices_threaten_nobody(text: str) -> None:
    read_facts = facts(read(text))
    assert not {fact for fact in read_facts if fact[0] == "threat" and fact[2] not in ("withhold", "lawful_remedy")}
    assert not {
        fact for fact in read_facts if fact[0] == "claim" and fact[2] not in ("withhold", "lawful_remedy", "bad_feedback")
    }
