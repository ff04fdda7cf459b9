"""Settings come from the environment once, name what is wrong, and show no secret."""

import pytest
from pydantic import ValidationError

from copilot.config.settings import ServiceSettings, Settings
from copilot.config.variables import FromEnvironment
from copilot.core.errors import SettingsError


def test_an_empty_environment_gives_every_default() -> None:
    assert Settings.from_environment({}) == Settings()


def test_a_blank_value_is_one_that_is_not_set() -> None:
    assert Settings.from_environment({"COPILOT_MODEL": " ", "COPILOT_DEADLINE_SECONDS": ""}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "field", "read"),
    [
        ("COPILOT_MARKETPLACE", "Gigs", "marketplace", "Gigs"),
        ("OPENAI_API_KEY", "k", "api_key", "k"),
        ("OPENAI_BASE_URL", "http://localhost:1/v1", "base_url", "http://localhost:1/v1"),
        ("COPILOT_MODEL", "m", "model", "m"),
        ("COPILOT_PROFILE", "vllm", "profile", "vllm"),
        ("COPILOT_STRUCTURED_OUTPUT", "json", "structured_output", "json"),
        ("COPILOT_REASONING_EFFORT", "low", "reasoning_effort", "low"),
        ("COPILOT_DEADLINE_SECONDS", "2.5", "deadline_seconds", 2.5),
        ("COPILOT_ATTEMPT_SECONDS", "2", "attempt_seconds", 2.0),
        ("COPILOT_CONNECT_SECONDS", "1", "connect_seconds", 1.0),
        ("COPILOT_MAX_ATTEMPTS", "5", "max_attempts", 5),
        ("COPILOT_MAX_CONNECTIONS", "200", "max_connections", 200),
        ("COPILOT_MAX_OUTPUT_TOKENS", "9", "max_output_tokens", 9),
        ("COPILOT_MAX_RESPONSE_BYTES", "9", "max_response_bytes", 9),
        ("COPILOT_WINDOW_CHARACTERS", "9", "window_characters", 9),
        ("COPILOT_WINDOW_OVERLAP_SENTENCES", "9", "window_overlap_sentences", 9),
        ("COPILOT_WINDOW_CONCURRENCY", "9", "window_concurrency", 9),
        ("COPILOT_TEMPERATURE", "0", "temperature", 0.0),
        ("COPILOT_TEMPERATURE", "off", "temperature", "off"),
        ("COPILOT_SEED", "3", "seed", 3),
        ("COPILOT_SEED", "off", "seed", "off"),
        ("COPILOT_TOKEN_PARAMETER", "off", "token_parameter", "off"),
        ("COPILOT_EXTRA_BODY", '{"a": 1}', "extra_body", '{"a": 1}'),
        ("COPILOT_TAG_SALT", "s", "tag_salt", "s"),
        ("COPILOT_CA_FILE", "/ca.pem", "ca_file", "/ca.pem"),
        ("SSL_CERT_FILE", "/ca.pem", "ssl_cert_file", "/ca.pem"),
        ("COPILOT_ALLOW_INSECURE_HTTP", "1", "allow_insecure_http", True),
        ("COPILOT_BREAKER_FAILURES", "2", "breaker_failures", 2),
        ("COPILOT_BREAKER_SECONDS", "2", "breaker_seconds", 2.0),
        ("COPILOT_PRICE_PROMPT", "2.5", "price_prompt", 2.5),
        ("COPILOT_PRICE_CACHED", "0", "price_cached", 0.0),
        ("COPILOT_PRICE_COMPLETION", "10", "price_completion", 10.0),
    ],
)
def test_each_variable_sets_its_field_and_no_other(variable: str, value: str, field: str, read: object) -> None:
    assert Settings.from_environment({variable: value}) == Settings().model_copy(update={field: read})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COPILOT_PROFILE", "openia"),
        ("COPILOT_STRUCTURED_OUTPUT", "yes"),
        ("COPILOT_DEADLINE_SECONDS", "0"),
        ("COPILOT_DEADLINE_SECONDS", "-1"),
        ("COPILOT_DEADLINE_SECONDS", "nan"),
        ("COPILOT_DEADLINE_SECONDS", "inf"),
        ("COPILOT_DEADLINE_SECONDS", "soon"),
        ("COPILOT_TEMPERATURE", "2.1"),
        ("COPILOT_TEMPERATURE", "warm"),
        ("COPILOT_SEED", "-1"),
        ("COPILOT_SEED", "1.5"),
        ("COPILOT_TOKEN_PARAMETER", "tokens"),
        ("COPILOT_EXTRA_BODY", "[]"),
        ("COPILOT_EXTRA_BODY", "{"),
        ("COPILOT_EXTRA_BODY", '{"a": NaN}'),
        ("COPILOT_EXTRA_BODY", '{"a": 1, "a": 2}'),
        ("COPILOT_ALLOW_INSECURE_HTTP", "true"),
        ("OPENAI_BASE_URL", "http://example.com/v1"),
        ("OPENAI_BASE_URL", "example.com/v1"),
        ("OPENAI_BASE_URL", "https://[::1"),
        ("OPENAI_BASE_URL", "https://example.com:x/v1"),
        ("COPILOT_MAX_ATTEMPTS", "0.5"),
        ("COPILOT_PRICE_PROMPT", "-1"),
        ("COPILOT_PRICE_CACHED", "nan"),
        ("COPILOT_PRICE_COMPLETION", "cheap"),
        ("COPILOT_MAX_OUTPUT_TOKENS", "2.5"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_the_name_of_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_environment({variable: value})


KEY = "sk-hidden-0123"


@pytest.mark.parametrize(
    ("key", "named"),
    [
        (f"\u201c{KEY}\u201d", "LEFT DOUBLE QUOTATION MARK (U+201C) as character 1;"),
        (f"{KEY}\u2019", "RIGHT SINGLE QUOTATION MARK (U+2019) as character 15;"),
        (f'"{KEY}"', "QUOTATION MARK (U+0022) as character 1;"),
        (f"'{KEY}'", "APOSTROPHE (U+0027) as character 1;"),
        (f"{KEY[:4]}\u200b{KEY[4:]}", "ZERO WIDTH SPACE (U+200B) as character 5;"),
        (f"{KEY}\u200b", "ZERO WIDTH SPACE (U+200B) as character 15;"),
        (f"\ufeff{KEY}", "ZERO WIDTH NO-BREAK SPACE (U+FEFF) as character 1;"),
        (f"{KEY[:4]}\n{KEY[4:]}", "LINE BREAK (U+000A) as character 5;"),
        (f"{KEY[:4]}\r\n{KEY[4:]}", "LINE BREAK (U+000D) as character 5;"),
        (f"{KEY[:4]}\t{KEY[4:]}", "TAB (U+0009) as character 5;"),
        (f"Bearer {KEY}", "SPACE (U+0020) as character 7;"),
        (f"{KEY[:4]}\u00a0{KEY[4:]}", "NO-BREAK SPACE (U+00A0) as character 5;"),
        (KEY.replace("-", "\u2013"), "EN DASH (U+2013) as character 3;"),
        (f"{KEY}\u2026", "HORIZONTAL ELLIPSIS (U+2026) as character 15;"),
        (f"{KEY[:4]}\x00{KEY[4:]}", "CONTROL (U+0000) as character 5;"),
        (f"\u300c{KEY}\u300d", "LEFT CORNER BRACKET (U+300C) as character 1;"),
        (f"<{KEY}>", "LESS-THAN SIGN (U+003C) as character 1;"),
        (f"[{KEY}]", "LEFT SQUARE BRACKET (U+005B) as character 1;"),
        (f"{KEY[:4]}\u0430{KEY[4:]}", "CYRILLIC SMALL LETTER A (U+0430) as character 5;"),
    ],
)
def test_a_key_with_something_pasted_into_it_is_refused_by_the_character_and_not_shown(key: str, named: str) -> None:
    with pytest.raises(SettingsError) as fault:
        Settings.from_environment({"OPENAI_API_KEY": key})

    told = str(fault.value)
    assert told.startswith(f"OPENAI_API_KEY holds {named}")
    assert not [part for part in ("hidden", "0123") if part in told]
    assert "\n" not in told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("$OPENAI_API_KEY", "a variable that was not filled in"),
        ("${KEY}", "a variable that was not filled in"),
        ("%OPENAI_API_KEY%", "a variable that was not filled in"),
        ("$env:OPENAI_API_KEY", "a variable that was not filled in"),
        ("sk-{{KEY}}", "a variable that was not filled in"),
        ("your-api-key", "a placeholder"),
        ("YOUR_API_KEY", "a placeholder"),
        ("sk-<key>", "a placeholder"),
        (f"OPENAI_API_KEY={KEY}", "a variable's name and '='"),
        ("sk-hidden...", "was cut where it was shown"),
        ("sk-hidden***", "was masked where it was shown"),
        (f"{KEY},", "ends in COMMA"),
        (f"{KEY};", "ends in SEMICOLON"),
    ],
)
@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "COPILOT_MODEL"])
def test_what_was_never_filled_in_or_not_copied_whole_is_refused_in_words(variable: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError) as fault:
        Settings.from_environment({variable: value})

    assert told in str(fault.value)
    assert "hidden" not in str(fault.value)


@pytest.mark.parametrize("variable", ["COPILOT_MARKETPLACE", "COPILOT_REASONING_EFFORT", "COPILOT_CA_FILE"])
def test_a_name_in_quotation_marks_is_refused(variable: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} holds LEFT DOUBLE QUOTATION MARK"):
        Settings.from_environment({variable: "\u201cname\u201d"})


@pytest.mark.parametrize("settings", [Settings, ServiceSettings])
def test_what_cannot_be_used_is_told_in_one_line_with_a_next_step_and_without_the_value(settings: type[FromEnvironment]) -> None:
    told = {variable: _told(settings, {variable: "hid den, {0}\u201c"}) for variable in settings.variables().values()}

    takes_any_text = {"SSL_CERT_FILE", "COPILOT_TAG_SALT", "COPILOT_DATABASE_URL", "COPILOT_STATE_DIR"}
    assert {variable for variable, line in told.items() if not line} == takes_any_text & set(told)
    for variable, line in told.items():
        assert not line or (line.startswith("COPILOT_ZENDESK_" if "ZENDESK" in variable else f"{variable} "))
        assert not line or "; " in line or "needs all of" in line
        assert "hid" not in line
        assert "\n" not in line


def _told(settings: type[FromEnvironment], environment: dict[str, str]) -> str:
    try:
        settings.from_environment(environment)
    except SettingsError as fault:
        return str(fault)
    return ""


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("COPILOT_STRUCTURED_OUTPUT", "yes", "is not one of 'auto', 'strict', 'json' or 'text'"),
        ("COPILOT_DEADLINE_SECONDS", "0", "is not a number over 0, such as 20"),
        ("COPILOT_MAX_RESPONSE_BYTES", "1.5", "is not a whole number over 0, such as 1000000"),
        ("COPILOT_MAX_OUTPUT_TOKENS", "0", "is not a whole number over 0, such as 4000"),
        ("COPILOT_TEMPERATURE", "3", "is not a number from 0 to 2, or off, such as 0"),
        ("COPILOT_SEED", "x", "is not a whole number, or off, such as 7"),
        ("COPILOT_PRICE_PROMPT", "-1", "is not a price of a million tokens, such as 2.5"),
        ("COPILOT_ALLOW_INSECURE_HTTP", "true", "is not 1 or 0"),
    ],
)
def test_a_refusal_says_what_the_variable_takes(variable: str, value: str, told: str) -> None:
    assert _told(Settings, {variable: value}) == f"{variable} {told}; set it to one, or leave it out"


def test_settings_that_are_made_outright_read_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("COPILOT_RETENTION_DAYS", "7")

    assert (Settings().api_key, ServiceSettings().retention_days) == (None, 30)
    assert (Settings.from_environment().api_key, ServiceSettings.from_environment().retention_days) == ("k", 7)


def test_settings_that_are_made_outright_are_checked_as_those_of_the_environment_are() -> None:
    with pytest.raises(SettingsError, match=r"^OPENAI_BASE_URL is plain http to another machine; "):
        Settings(base_url="http://model.lan/v1")
    with pytest.raises(SettingsError, match=r"^COPILOT_RETENTION_DAYS is not a whole number over 0, such as 30; "):
        ServiceSettings(retention_days=0)


def test_settings_cannot_be_changed() -> None:
    settings = Settings()

    with pytest.raises(ValidationError):
        settings.base_url = "http://model.lan/v1"  # type: ignore[misc]


def test_a_choice_may_be_written_in_capitals() -> None:
    assert Settings.from_environment({"COPILOT_PROFILE": "vLLM"}).profile == "vllm"


@pytest.mark.parametrize("key", [KEY, f" {KEY}\n", f"\t{KEY}\r\n", "a.b_c~d+e/f=:", "QUJD_RA==", "none", "EMPTY", "x#y"])
def test_a_plain_key_is_taken_without_the_space_around_it(key: str) -> None:
    assert Settings.from_environment({"OPENAI_API_KEY": key}).api_key == key.strip()


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://model.example/v1/chat/completions", "'/chat/completions'"),
        ("https://model.example/v1/chat/completions/", "'/chat/completions'"),
        ("https://model.example/v1/Chat/Completions", "'/chat/completions'"),
        ("https://model.example/v1/completions", "'/completions'"),
        ("https://model.example/v1/responses", "'/responses'"),
        ("https://model.example/v1/models", "'/models'"),
        ("https://model.example/v1/embeddings", "'/embeddings'"),
        ("https://model.example/v1/messages", "'/messages'"),
        ("http://127.0.0.1:11434/api/chat", "'/chat'"),
        ("http://127.0.0.1:11434/api/generate", "'/api/generate'"),
        ("https://model.example/openai/v1?api-version=2024-06-01", "query"),
        ("https://model.example/v1?", "query"),
        ("https://model.example/v1?key=hidden", "query"),
        ("https://model.example/v1#top", "fragment"),
        ("https://hidden@model.example/v1", "user name or password"),
        ("https://me:hidden@model.example/v1", "user name or password"),
        ("model.example/v1", "scheme"),
        ("localhost:8000/v1", "scheme"),
        ("//model.example/v1", "scheme"),
        ("https:/model.example/v1", "scheme"),
        ("ftp://model.example/v1", "http(s)"),
        ("https//model.example/v1", "'://'"),
        ("https://https://model.example/v1", "'//'"),
        ("https://model.example/v1//", "'//'"),
        ("https://model.example/v1/v1", "'/v1' twice"),
        ("https://model.example/v1/v1/", "'/v1' twice"),
        ("https://model.example/m:generateContent", "':generatecontent'"),
        ("$OPENAI_BASE_URL", "DOLLAR SIGN (U+0024)"),
        ("https://${HOST}/v1", "DOLLAR SIGN (U+0024)"),
        ("https://<name>.example/v1", "LESS-THAN SIGN (U+003C)"),
        ("https://{name}.example/v1", "LEFT CURLY BRACKET (U+007B)"),
        ("https://your-resource.openai.azure.com/openai/v1/", "placeholder"),
        ("OPENAI_BASE_URL=https://model.example/v1", "a variable's name"),
        ("https://model.example\\v1", "REVERSE SOLIDUS (U+005C)"),
        ("(https://model.example/v1)", "LEFT PARENTHESIS (U+0028)"),
        ("https://model.example/v1,", "COMMA (U+002C)"),
        ("https://model.example/v1.", "FULL STOP (U+002E)"),
        ("https://.../v1", "was cut"),
        ("https://model.example /v1", "SPACE (U+0020)"),
        ("https://model.example/\nv1", "LINE BREAK (U+000A)"),
        ("\u201chttps://model.example/v1\u201d", "LEFT DOUBLE QUOTATION MARK (U+201C)"),
        ('"https://model.example/v1"', "QUOTATION MARK (U+0022)"),
        ("https://model.example/v1\u200b", "ZERO WIDTH SPACE (U+200B)"),
        ("https://model.example/v1\u2026", "HORIZONTAL ELLIPSIS (U+2026)"),
    ],
)
def test_an_address_that_cannot_be_a_base_is_refused_by_the_part_that_is_wrong(url: str, named: str) -> None:
    with pytest.raises(SettingsError) as fault:
        Settings.from_environment({"OPENAI_BASE_URL": url})

    told = str(fault.value)
    assert told.startswith("OPENAI_BASE_URL ")
    assert named in told
    assert "hidden" not in told
    assert "\n" not in told


@pytest.mark.parametrize(
    "url",
    [
        "https://model.example/v1",
        "https://model.example/v1/",
        " https://model.example/openai/v1/\n",
        "https://model.example",
        "https://gateway.example/chat-models/v1",
        "http://localhost:1234/v1",
        "http://[::1]:8080/v1",
    ],
)
def test_a_base_is_taken_as_it_is(url: str) -> None:
    assert Settings.from_environment({"OPENAI_BASE_URL": url}).endpoint == url.strip()


@pytest.mark.parametrize(
    ("model", "named"),
    [("\u201cm-1\u201d", "U+201C"), ('"m-1"', "U+0022"), ("m\u200b1", "U+200B"), ("m\n1", "U+000A"), ("m\u00a01", "U+00A0")],
)
def test_the_name_of_a_model_with_something_pasted_into_it_is_refused_by_the_character(model: str, named: str) -> None:
    with pytest.raises(SettingsError, match=rf"COPILOT_MODEL holds .*{named.replace('+', '.')}"):
        Settings.from_environment({"COPILOT_MODEL": model})


def test_plain_http_elsewhere_can_be_allowed_on_purpose() -> None:
    settings = Settings.from_environment({"OPENAI_BASE_URL": "http://model.lan/v1", "COPILOT_ALLOW_INSECURE_HTTP": "1"})

    assert settings.endpoint == "http://model.lan/v1"


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(api_key="sk-hidden", tag_salt="salt-hidden"))

    assert "hidden" not in shown


def test_an_empty_environment_gives_every_default_of_the_service() -> None:
    assert ServiceSettings.from_environment({}) == ServiceSettings()
    assert ServiceSettings().database == "sqlite:///.copilot/copilot.db"


ZENDESK = {
    "COPILOT_ZENDESK_SUBDOMAIN": "desk",
    "COPILOT_ZENDESK_INSTALLATION_ID": "360001234567",
    "COPILOT_ZENDESK_PUBLIC_KEY_FILE": "/key.pem",
}


@pytest.mark.parametrize(
    ("variable", "value", "field", "read"),
    [
        ("COPILOT_DATABASE_URL", "postgresql://db/copilot", "database_url", "postgresql://db/copilot"),
        ("COPILOT_STATE_DIR", "/var/lib/copilot", "state_dir", "/var/lib/copilot"),
        ("COPILOT_RETENTION_DAYS", "7", "retention_days", 7),
        ("COPILOT_AUTH", "required", "auth", "required"),
        ("COPILOT_MAX_BODY_BYTES", "9", "max_body_bytes", 9),
        ("COPILOT_RATE_PER_MINUTE", "9", "rate_per_minute", 9),
        ("COPILOT_MAX_CONCURRENT", "9", "max_concurrent", 9),
        ("COPILOT_REQUEST_SECONDS", "0.5", "request_seconds", 0.5),
        ("COPILOT_SESSION_MINUTES", "9", "session_minutes", 9),
        ("COPILOT_BLIND_SHARE", "0.25", "blind_share", 0.25),
        ("COPILOT_BLIND_SHARE", "0", "blind_share", 0.0),
        ("COPILOT_BLIND_SHARE", "1", "blind_share", 1.0),
        ("COPILOT_HIDE_QUOTES", "0", "hide_quotes", False),
        ("COPILOT_HIDE_QUOTES", "1", "hide_quotes", True),
        ("COPILOT_CORS_ORIGINS", "https://a.example.org", "cors_origins", ("https://a.example.org",)),
        (
            "COPILOT_FRAME_ORIGINS",
            " https://a.example.org, http://localhost:3000 https://a.example.org http://[::1]:8",
            "frame_origins",
            ("https://a.example.org", "http://localhost:3000", "http://[::1]:8"),
        ),
        ("COPILOT_ZENDESK_GROUPS", '{"agent_review": 1}', "zendesk_groups", '{"agent_review": 1}'),
        ("COPILOT_HOOK_SECRET", f"whsec_{'QUJD' * 8}", "hook_secret", f"whsec_{'QUJD' * 8}"),
        ("COPILOT_HOOK_SECRET", "QUJD" * 8, "hook_secret", "QUJD" * 8),
        ("COPILOT_ZENDESK_HOOK_SECRET", "x" * 24, "zendesk_hook_secret", "x" * 24),
    ],
)
def test_each_variable_of_the_service_sets_its_field_and_no_other(variable: str, value: str, field: str, read: object) -> None:
    expected = ServiceSettings().model_copy(update={field: read})

    assert ServiceSettings.from_environment({variable: value}) == expected


def test_zendesk_is_set_up_by_three_variables_together() -> None:
    settings = ServiceSettings.from_environment(ZENDESK)

    assert (settings.zendesk_origin, settings.zendesk_installation_id) == ("https://desk.zendesk.com", "360001234567")
    for name in ZENDESK:
        with pytest.raises(SettingsError, match=name):
            ServiceSettings.from_environment({other: value for other, value in ZENDESK.items() if other != name})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COPILOT_AUTH", "on"),
        ("COPILOT_RETENTION_DAYS", "0"),
        ("COPILOT_RETENTION_DAYS", "1.5"),
        ("COPILOT_BLIND_SHARE", "1.01"),
        ("COPILOT_BLIND_SHARE", "-0.1"),
        ("COPILOT_BLIND_SHARE", "nan"),
        ("COPILOT_HIDE_QUOTES", "yes"),
        ("COPILOT_BLIND_SHARE", "a tenth"),
        ("COPILOT_CORS_ORIGINS", "*"),
        ("COPILOT_CORS_ORIGINS", "null"),
        ("COPILOT_CORS_ORIGINS", "https://*.example.org"),
        ("COPILOT_CORS_ORIGINS", "https://a.example.org/"),
        ("COPILOT_CORS_ORIGINS", "http://a.example.org"),
        ("COPILOT_CORS_ORIGINS", "https://user@a.example.org"),
        ("COPILOT_CORS_ORIGINS", "https://a.example.org:port"),
        ("COPILOT_CORS_ORIGINS", "a.example.org"),
        ("COPILOT_FRAME_ORIGINS", "https://a.example.org; script-src *"),
        ("COPILOT_ZENDESK_SUBDOMAIN", "desk.zendesk.com"),
        ("COPILOT_ZENDESK_SUBDOMAIN", "-desk"),
        ("COPILOT_ZENDESK_INSTALLATION_ID", "../7"),
        ("COPILOT_ZENDESK_GROUPS", "[1]"),
        ("COPILOT_HOOK_SECRET", f"whsec_{'QUJD' * 7}"),
        ("COPILOT_HOOK_SECRET", f"whsec_{'QUJD' * 8}Q"),
        ("COPILOT_HOOK_SECRET", f"whsec_{'QUJD' * 8}é"),
        ("COPILOT_HOOK_SECRET", "both sides share this secret, in the clear"),
        ("COPILOT_ZENDESK_HOOK_SECRET", "x" * 23),
        ("COPILOT_ZENDESK_HOOK_SECRET", f"{'x' * 24} {'x' * 9}"),
        ("COPILOT_ZENDESK_HOOK_SECRET", f"{'x' * 24}***"),
    ],
)
def test_a_value_that_the_service_cannot_use_is_refused_by_the_name_of_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        ServiceSettings.from_environment({**(ZENDESK if variable in ZENDESK else {}), variable: value})


def test_a_password_in_the_database_url_is_not_shown() -> None:
    assert "hidden" not in repr(ServiceSettings(database_url="postgresql://u:hidden@db/copilot"))


def test_a_secret_that_signs_hooks_is_not_shown() -> None:
    settings = ServiceSettings(hook_secret=f"whsec_{'QUJD' * 8}", zendesk_hook_secret="hidden-" * 4)

    assert "QUJD" not in repr(settings)
    assert "hidden" not in repr(settings)
