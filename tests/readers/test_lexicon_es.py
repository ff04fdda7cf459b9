"""What the lexical reader finds in Spanish, as people of Latin America and Spain type it."""

import pytest

from tests.readers.lexical_reading import facts, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "La diseñadora dice que si no le transfiero 300 dólares más borra la tienda.",
            {("demand", "other", "money"), ("threat", "other", "destroy")},
        ),
        ("o me pagas hoy o te tumbo la página, así me escribió el programador", {("threat", "other", "destroy")}),
        (
            "el dev me bloqueo el acceso al hosting y pide 500 euros para devolvermelo",
            {("claim", "other", "lock_out"), ("demand", "other", "money")},
        ),
        (
            "Mi clienta amenaza con publicar mi dirección si no le rehago el logo gratis.",
            {("demand", "other", "work"), ("threat", "other", "disclose")},
        ),
        (
            "dice q si no le pongo las 5 estrellas me formatea el repositorio",
            {("demand", "other", "feedback"), ("threat", "other", "destroy")},
        ),
        ("Después de que cancelé el contrato borró todas las fotos del sitio.", {("claim", "other", "destroy")}),
        ("Porque le reclamé, escribió en tres grupos de Facebook que soy una estafadora.", {("claim", "other", "defame")}),
        ("alguien entró a mi cuenta de upwork y cambió el método de retiro", {("claim", "other", "account_breach")}),
        (
            "Que si no retiro la disputa manda a sus primos a mi casa, dice el cliente.",
            {("demand", "other", "contract"), ("threat", "other", "violence")},
        ),
        (
            "me dijo que me va a dejar una mala reseña si no le devuelvo la mitad del dinero",
            {("demand", "other", "money"), ("threat", "other", "bad_feedback")},
        ),
        (
            "El cliente me está extorsionando para que le dé cinco estrellas.",
            {("demand", "other", "feedback"), ("threat", "other", "unspecified")},
        ),
        ("le avisé que si no me paga le apago el servidor", {("demand", "reporter", "money"), ("threat", "reporter", "destroy")}),
        (
            "Exige mi contraseña del correo, de lo contrario le cuenta todo a mi jefe.",
            {("demand", "other", "information"), ("threat", "other", "defame")},
        ),
        ("Te vas a arrepentir, me escribió el freelancer.", {("threat", "other", "unspecified")}),
    ],
)
def test_threats_demands_and_damage_are_read_as_people_type_them(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "¿Puedo bajar la página del cliente si no me paga?",
        "Tengo miedo de que me deje una mala reseña.",
        "¿Qué pasa si el freelancer borra mis archivos?",
        "Nunca me amenazó, solo discutimos por el precio.",
        "Sus comisiones son una extorsión.",
        "Se me venció el dominio y la página ya no carga.",
        "Olvidé mi contraseña y no puedo entrar a mi cuenta.",
        "El freelancer entregó tarde y no contesta, quiero un reembolso.",
        "Falsa alarma, el sitio no estaba borrado, pueden cerrar el ticket.",
        "¿Cómo cambio mi foto de perfil?",
        "Estoy pensando en denunciarlo, ¿qué me recomiendan?",
        "Tengo un problema con la verificación de mi cuenta, llevo tres días esperando.",
        "El botón de retiro no funciona desde ayer.",
    ],
)
def test_ordinary_questions_disputes_and_fears_accuse_nobody(text: str) -> None:
    harms = {harm for sort, _, harm in facts(read(text)) if sort != "demand"}
    assert harms <= {"withhold", "lawful_remedy"}
