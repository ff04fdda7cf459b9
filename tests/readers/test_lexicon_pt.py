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


@pytest.mark.parametrize(
    "text",
    [
        "Alguém se conectou de noite com a minha conta da Upwork e mandou proposta pra todo lado.",
        "Na caixa de saída tem lances que eu nunca escrevi.",
        "Não param de chegar códigos por SMS da Upwork e eu não pedi.",
        "Meu ex-sócio continua entrando na conta da agência na Upwork e já tirou duas pessoas.",
        "Aluguei meu perfil da Upwork pra um conhecido, agora ele trocou a senha e não me deixa entrar.",
        "O cliente falou que se eu ficar com o adiantamento ele entra no meu perfil da Upwork e apaga.",
        "Um estranho recusou pelo meu Upwork três convites.",
        "Recebi aviso de um saque na minha conta da Upwork. Eu não fiz nada.",
        "Alguém aumentou o orçamento das minhas vagas na Upwork.",
    ],
)
def test_a_breach_of_a_marketplace_account_is_read_as_people_tell_it(text: str) -> None:
    assert {harm for sort, who, harm in facts(read(text)) if sort != "demand" and who == "other"} & {"account_breach"}


@pytest.mark.parametrize(
    "text",
    [
        "A Upwork suspendeu minha conta e pede para verificar a identidade.",
        "Mandei uma proposta pela minha conta e ela não aparece.",
        "Se eu perder o celular, como entro na minha conta?",
        "Chegou um e-mail falso pedindo minha senha e não cliquei.",
        "Pensei que tinham invadido meu perfil mas era meu filho jogando.",
        "Recebi um aviso de login e era eu no escritório.",
        "O programador trocou a senha do meu Gmail.",
        "Está me cobrando horas que eu nunca autorizei.",
        "Meu perfil no Upwork está parado faz um mês.",
        "Mudei de banco e quero atualizar meus dados.",
        "Vi que o freelancer trocou a foto de perfil.",
    ],
)
def test_outages_checks_and_other_accounts_are_no_breach_of_a_marketplace_account(text: str) -> None:
    assert "account_breach" not in {harm for _, _, harm in facts(read(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ou dou cinco estrelas ou ele derruba o meu blog.", {("demand", "other", "feedback"), ("threat", "other", "destroy")}),
        ("Vai garantir que todos saibam que eu trabalho mal.", {("threat", "other", "defame")}),
        ("Botou uma trava no servidor e quer 500 dólares.", {("claim", "other", "lock_out"), ("demand", "other", "money")}),
        ("Por puro rancor fechou a minha página do Facebook.", {("claim", "other", "destroy")}),
        ("Se eu demitir ele leva o canal, me disse.", {("threat", "other", "lock_out")}),
        ('"Se não quiser que seu chefe saiba, devolva o dinheiro", escreveu.', {("threat", "other", "defame")}),
        ("Na falta de mais 300 euros o site deixaria de funcionar, escreveu.", {("threat", "other", "destroy")}),
    ],
)
def test_bargains_keys_and_revenge_are_read_in_everyday_words(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Apagou o banco antigo porque eu pedi.",
        "Se não baixar o preço procuro outro designer.",
        "Traduzo um romance em que um hacker ameaça apagar tudo.",
        "O site caiu e a hospedagem confirmou que foi uma falha deles.",
        "Ele pede o adiantamento de volta ou vai com outra pessoa.",
    ],
)
def test_agreed_steps_stories_and_ordinary_choices_threaten_nobody(text: str) -> None:
    read_facts = facts(read(text))
    assert not {fact for fact in read_facts if fact[0] == "threat" and fact[2] not in ("withhold", "lawful_remedy")}
    assert not {
        fact for fact in read_facts if fact[0] == "claim" and fact[2] not in ("withhold", "lawful_remedy", "bad_feedback")
    }
