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


@pytest.mark.parametrize(
    "text",
    [
        "Alguien se conectó anoche con mi cuenta de Upwork y postuló a cosas que yo no hago.",
        "En mi bandeja hay ofertas mandadas a clientes que yo nunca escribí.",
        "Me llueven códigos por sms de Upwork y yo no los pedí.",
        "Mi exsocio sigue entrando a la cuenta de la agencia en Upwork y ya quitó a dos personas.",
        "Le alquilé mi perfil de Upwork a un conocido, ahora cambió la clave y no me deja entrar.",
        "El cliente dijo que si no le devuelvo el anticipo se mete a mi perfil y lo cierra.",
        "Si no sigo con ella, me escribió la jefa del equipo, me quedo sin cuenta en Upwork.",
        "Un extraño rechazó desde mi Upwork tres invitaciones.",
        "Recibí un aviso de retiro de mi cuenta de Upwork. Yo no hice nada.",
        "Alguien aumentó el presupuesto de mis trabajos en Upwork y pagó bonos.",
    ],
)
def test_a_breach_of_a_marketplace_account_is_read_as_people_tell_it(text: str) -> None:
    assert {harm for sort, who, harm in facts(read(text)) if sort != "demand" and who == "other"} & {"account_breach"}


@pytest.mark.parametrize(
    "text",
    [
        "Upwork me suspendió la cuenta y me pide verificar mi identidad.",
        "Mandé una propuesta desde mi cuenta y no aparece.",
        "Si pierdo el celular, ¿cómo entro a mi cuenta?",
        "Me llegó un correo falso pidiendo mi clave y no hice clic.",
        "Pensé que me habían hackeado el perfil pero era mi hijo jugando.",
        "Me llegó un aviso de inicio de sesión y era yo desde la oficina.",
        "El programador cambió la contraseña de mi Gmail.",
        "Me está cobrando horas que yo nunca autoricé.",
        "Leí historias de gente a la que le roban el perfil.",
        "Mandé una oferta equivocada, ¿cómo la elimino?",
        "Vi que el freelancer cambió su foto de perfil.",
    ],
)
def test_outages_checks_and_other_accounts_are_no_breach_of_a_marketplace_account(text: str) -> None:
    assert "account_breach" not in {harm for _, _, harm in facts(read(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O le doy cinco estrellas o tumba mi blog.", {("demand", "other", "feedback"), ("threat", "other", "destroy")}),
        ("Se va a encargar de que todos sepan que trabajo mal si no le firmo.", {("threat", "other", "defame")}),
        ("Le puso un candado al servidor y pide 500 dólares.", {("claim", "other", "lock_out"), ("demand", "other", "money")}),
        ("Desde que lo despedí la web amaneció con insultos en la portada.", {("claim", "other", "destroy")}),
        ("Si lo despido se lleva el canal, me dijo.", {("threat", "other", "lock_out")}),
        ("De puro rencor me cerró la página de Facebook.", {("claim", "other", "destroy")}),
        ("«Si no quieres que tu jefe se entere, devuelve la plata», me puso.", {("threat", "other", "defame")}),
        ("A falta de otros 300 euros el sitio dejaría de funcionar, me escribió.", {("threat", "other", "destroy")}),
    ],
)
def test_bargains_keys_and_revenge_are_read_in_everyday_words(text: str, expected: set[tuple[str, ...]]) -> None:
    assert expected <= facts(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Borró la base vieja porque yo se lo pedí.",
        "Si no baja el precio busco a otro diseñador.",
        "Traduzco una novela sobre un hacker que amenaza con borrar todo.",
        "La web estuvo caída, el hosting confirmó que fue una falla del servidor.",
        "Anota en tu reporte que el cliente cometió extorsión.",
    ],
)
def test_agreed_steps_stories_and_ordinary_choices_threaten_nobody(text: str) -> None:
    read_facts = facts(read(text))
    assert not {fact for fact in read_facts if fact[0] == "threat" and fact[2] not in ("withhold", "lawful_remedy")}
    assert not {
        fact for fact in read_facts if fact[0] == "claim" and fact[2] not in ("withhold", "lawful_remedy", "bad_feedback")
    }
