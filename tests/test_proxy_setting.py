"""The address of a proxy: what is taken, and what a refusal says without showing it."""

import pytest

from copilot.config.settings import Settings
from copilot.core.errors import SettingsError


@pytest.mark.parametrize(
    "url", ["http://proxy.example.org:3128", "http://proxy.example.org:3128/", "https://u:p%40ss@10.0.0.7", "http://[::1]:80"]
)
def test_an_http_proxy_is_taken_with_or_without_a_password(url: str) -> None:
    settings = Settings.from_environment({"COPILOT_PROXY": url})

    assert settings.proxy == url
    assert url not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "proxy.example.org:3128",
        "socks5://s3cret@proxy.example.org",
        "http://",
        "http://u:s3cret@proxy.example.org:99999",
        "http://u:s3cret@proxy.example.org/path",
        "http://u:s3cret@proxy.example.org?x=1",
        "http://u:s3cret@home@proxy.example.org",
        "“http://s3cret@proxy.example.org”",
        "http://u:s3cret@proxy example.org",
        "http://u:s3cret@$PROXY",
    ],
)
def test_what_is_no_proxy_is_refused_in_one_line_that_shows_no_password(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"COPILOT_PROXY": url})

    told = str(refused.value)
    assert told.startswith("COPILOT_PROXY ")
    assert "http://proxy.example.org:3128" in told or "begin it with" in told
    assert "\n" not in told
    assert "s3cret" not in told
