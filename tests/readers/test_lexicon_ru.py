"""What the lexical reader finds in Russian, and in Ukrainian mixed into it, as people type it."""

import pytest

from tests.readers.lexical_reading import facts, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Фрилансер угрожает удалить мой сайт, если я не заплачу ещё 500 долларов.",
            {("threat", "other", "destroy"), ("demand", "other", "money")},
        ),
        ("говорит если не доплачу 200$ он снесет весь сайт", {("threat", "other", "destroy"), ("demand", "other", "money")}),
        (
            "Заказчик требует 5 звёзд, иначе поставит мне единицу.",
            {("threat", "other", "bad_feedback"), ("demand", "other", "feedback")},
        ),
        (
            "Заказчик пишет: верни деньги или я оставлю плохой отзыв",
            {("threat", "other", "bad_feedback"), ("demand", "other", "money")},
        ),
        ("После того как я его уволил, он в отместку удалил все файлы с сервера.", {("claim", "other", "destroy")}),
        (
            "Разработчик сменил пароль от хостинга и вернёт его только после того как я заплачу 300 евро.",
            {("claim", "other", "lock_out")},
        ),
        ("Он грозится взломать мой аккаунт на Upwork если я не заплачу.", {("threat", "other", "account_breach")}),
        ("Кто-то зашел в мой аккаунт на апворке и поменял способ вывода денег.", {("claim", "other", "account_breach")}),
        (
            "Требует 1000 долларов, иначе сольёт мои личные фото в телеграм.",
            {("threat", "other", "disclose"), ("demand", "other", "money")},
        ),
        (
            "если не верну деньги, он напишет моему начальнику что я мошенник",
            {("threat", "other", "defame"), ("demand", "other", "money")},
        ),
        ("Заказчик пригрозил переломать мне ноги.", {("threat", "other", "violence")}),
        ("Он написал: переведи деньги до завтра, а то пожалеешь.", {("threat", "other", "unspecified")}),
        (
            "Клиент говорит удали отзыв а то открою спор и верну все деньги через банк",
            {("threat", "other", "lawful_remedy"), ("demand", "other", "feedback")},
        ),
        ("Со зла выложила мой адрес и телефон в паблик вконтакте.", {("claim", "other", "disclose")}),
        ("После отказа работать бесплатно он написал на форуме что я мошенница.", {("claim", "other", "defame")}),
        (
            "Прими этап, иначе завтра твой магазин ляжет, так и написал.",
            {("threat", "other", "destroy"), ("demand", "other", "contract")},
        ),
    ],
)
def test_threats_demands_and_damage_are_read_as_people_type_them(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Как изменить способ оплаты в профиле?",
        "Забыл пароль от аккаунта, не могу войти.",
        "Фрилансер сорвал сроки и не отвечает, хочу вернуть деньги.",
        "Заказчик до сих пор не заплатил, это просто какой-то шантаж.",
        "Боюсь, что он поставит мне плохую оценку.",
        "Могу ли я отключить сайт, если клиент не платит?",
        "Что будет, если фрилансер удалит мои файлы?",
        "Он мне никогда не угрожал, мы просто поспорили.",
        "Домен истек, и сайт теперь не открывается.",
        "Случайно удалил сообщение в чате, можно ли восстановить?",
        "Работа выполнена плохо, куча ошибок, прошу вернуть половину.",
        "Дизайнер поменял логотип как я просил, спасибо.",
    ],
)
def test_ordinary_questions_disputes_and_fears_accuse_nobody(text: str) -> None:
    harms = {harm for sort, _, harm in facts(read(text)) if sort != "demand"}
    assert harms <= {"withhold", "lawful_remedy"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (
            "Она обзвонила всех моих клиентов и рассказала, что я вор, потому что я её не нанял.",
            ("claim", "other", "defame"),
        ),
        (
            "Написал мне: «не заплатишь — твои переписки прочитают все коллеги».",
            ("threat", "other", "disclose"),
        ),
    ],
)
def test_a_price_on_a_review_a_leak_and_a_smear_are_read(text: str, fact: tuple[str, ...]) -> None:
    assert fact in facts(read(text))


def test_whoever_would_take_somebody_else_threatens_nothing() -> None:
    found = facts(read("Клиент сказал, что если к понедельнику не успею, найдёт другого исполнителя."))
    assert not any(fact[0] == "threat" for fact in found)


BREACH = "account_breach"


@pytest.mark.parametrize(
    "text",
    [
        "В моём аккаунте на Upwork со вчерашнего дня стоит чужой номер телефона.",
        "С моего профиля разослали предложения, которых я не отправляла.",
        "Бывшая ассистентка до сих пор заходит в аккаунт нашего агентства и читает переписку.",
        "Сосед взял мой профиль в аренду и поменял пароль.",
        "С моего Upwork кто-то списал коннекты, пока я была в отпуске.",
        "Неизвестный взял заказ от моего имени на Upwork.",
    ],
)
def test_a_breach_of_a_marketplace_account_is_read_in_everyday_words(text: str) -> None:
    assert BREACH in {harm for sort, _, harm in facts(read(text)) if sort == "claim"}


@pytest.mark.parametrize(
    "text",
    [
        "Пишет, что закроет мой аккаунт на Upwork, если не верну деньги.",
        "Она грозится продать мой профиль, если я закрою контракт.",
    ],
)
def test_a_threat_to_a_marketplace_account_is_read_as_such(text: str) -> None:
    assert ("threat", "other", BREACH) in facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Upwork ограничил мой аккаунт до проверки документов.",
        "Я изменил описание в профиле, а оно не отображается.",
        "Забыла пароль и не могу войти в аккаунт.",
        "Профиль заказчика заблокирован. Можно отвечать?",
        "Вывел деньги со своего профиля, но в банк они не пришли.",
        "В своём аккаунте я изменил номер телефона, а код приходит на старый.",
    ],
)
def test_own_steps_and_the_marketplace_s_own_checks_breach_nothing(text: str) -> None:
    assert not {harm for sort, _, harm in facts(read(text)) if sort != "demand"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Без доплаты магазина своего больше не увидите, так и написал.", ("threat", "other", "lock_out")),
        ("Если бесплатно не переделаю, заказчик обещает испортить мне рейтинг.", ("threat", "other", "bad_feedback")),
        ("Отключил мой сайт и требует 300 долларов.", ("demand", "other", "money")),
        ("Она грозилась снести всю базу.", ("threat", "other", "destroy")),
        ("Исполнитель влепил мне пощёчину при встрече.", ("claim", "other", "violence")),
    ],
)
def test_subjectless_verbs_say_who_threatens_and_who_asks(text: str, fact: tuple[str, ...]) -> None:
    assert fact in facts(read(text))
