"""What the lexical reader finds in Portuguese, as people of Brazil and Portugal type it."""

import pytest

from tests.readers.lexical_reading import facts, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A designer disse que se eu não transferir mais 300 reais ela apaga a loja.",
            {("demand", "other", "money"), ("threat", "other", "destroy")},
        ),
        (
            "o dev bloqueou meu acesso à hospedagem e pede 500 euros pra devolver",
            {("claim", "other", "lock_out"), ("demand", "other", "money")},
        ),
        (
            "Minha cliente ameaça publicar meu endereço se eu não refizer o logo de graça.",
            {("demand", "other", "work"), ("threat", "other", "disclose")},
        ),
        (
            "falou q se eu n der 5 estrelas ele formata o repositório",
            {("demand", "other", "feedback"), ("threat", "other", "destroy")},
        ),
        ("Depois que cancelei o contrato ele apagou todas as fotos do site.", {("claim", "other", "destroy")}),
        ("Porque reclamei, ele escreveu em três grupos do Facebook que sou golpista.", {("claim", "other", "defame")}),
        ("alguém entrou na minha conta do upwork e trocou o método de saque", {("claim", "other", "account_breach")}),
        (
            "Se eu não retirar a disputa ele manda os primos na minha casa, diz o cliente.",
            {("demand", "other", "contract"), ("threat", "other", "violence")},
        ),
        (
            "disse que vai me deixar uma avaliação péssima se eu não devolver metade do dinheiro",
            {("demand", "other", "money"), ("threat", "other", "bad_feedback")},
        ),
        (
            "O cliente está me extorquindo pra eu dar cinco estrelas.",
            {("demand", "other", "feedback"), ("threat", "other", "unspecified")},
        ),
        (
            "Avisei que se ele não pagar eu tiro o site dele do ar.",
            {("demand", "reporter", "money"), ("threat", "reporter", "destroy")},
        ),
        (
            "A agência diz que, caso não paguemos a rescisão, irá desativar o servidor.",
            {("demand", "other", "money"), ("threat", "other", "destroy")},
        ),
        (
            "Exige a senha do meu email, caso contrário conta tudo pro meu chefe.",
            {("demand", "other", "information"), ("threat", "other", "defame")},
        ),
        (
            "O gajo deitou-me o site abaixo e agora pede 200 euros para o repor.",
            {("claim", "other", "destroy"), ("demand", "other", "money")},
        ),
    ],
)
def test_threats_demands_and_damage_are_read_as_people_type_them(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Posso tirar o site do cliente do ar se ele não pagar?",
        "Tenho medo que ele deixe uma avaliação ruim.",
        "O que acontece se o freelancer apagar meus arquivos?",
        "Ele nunca me ameaçou, só discutimos por causa do preço.",
        "Essas taxas são um assalto.",
        "O domínio venceu e a página não abre mais.",
        "Esqueci minha senha e não consigo entrar na conta.",
        "O freelancer entregou atrasado e não responde, quero reembolso.",
        "Alarme falso, o site não tinha sido apagado, podem fechar o chamado.",
        "Como troco minha foto de perfil?",
        "Estou pensando em denunciar o cliente, o que vocês recomendam?",
        "Tenho um problema com minha conta, estou esperando a aprovação há 3 dias.",
        "O botão de saque não funciona desde ontem.",
    ],
)
def test_ordinary_questions_disputes_and_fears_accuse_nobody(text: str) -> None:
    harms = {harm for sort, _, harm in facts(read(text)) if sort != "demand"}
    assert harms <= {"withhold", "lawful_remedy"}
