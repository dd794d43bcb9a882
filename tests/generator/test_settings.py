from pathlib import Path

import pytest

from generator import settings
from generator.errors import BuildError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A project's folder without .env, and an environment without settings."""
    for name in list(settings.os.environ):
        if name.startswith("CLOUDGPUS_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setitem(settings.Settings.model_config, "env_file", tmp_path / ".env")
    return tmp_path


def test_without_a_setting_all_have_their_defaults():
    found = settings.load()
    assert (found.site_url, found.database_url, found.site_name) == ("http://localhost:8000", "", "CloudGPUs")


def test_an_empty_variable_counts_as_unset(monkeypatch):
    for name in ("CLOUDGPUS_SITE_URL", "CLOUDGPUS_PRODUCT_MARKUP", "DATABASE_URL"):
        monkeypatch.setenv(name, "")
    assert settings.load().site_url == "http://localhost:8000"


def test_an_empty_variable_of_the_store_s_library_counts_as_unset(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")
    assert "AWS_ENDPOINT_URL" not in settings.load().store_access()
    assert "AWS_ENDPOINT_URL" not in settings.os.environ


def test_the_file_is_read_and_the_environment_wins(folder, monkeypatch):
    (folder / ".env").write_text(
        "CLOUDGPUS_SITE_NAME=File\nCLOUDGPUS_ORGANISATION=File\nDATABASE_URL=postgresql://h/d\n"
    )
    monkeypatch.setenv("CLOUDGPUS_SITE_NAME", "Environment")
    found = settings.load()
    assert (found.site_name, found.organisation, found.database_url) == ("Environment", "File", "postgresql://h/d")


def test_keys_come_from_the_environment_and_the_file(folder, monkeypatch):
    (folder / ".env").write_text("CLOUDGPUS_KEY_NOVITA=n\nCLOUDGPUS_KEY_LAMBDA_LABS=file\n")
    monkeypatch.setenv("CLOUDGPUS_KEY_LAMBDA_LABS", "environment")
    monkeypatch.setenv("CLOUDGPUS_KEY_RUNPOD", "")
    assert settings.load().provider_keys() == {"novita": "n", "lambda-labs": "environment"}


def test_the_variable_of_a_key_is_named_for_its_provider():
    assert settings.key_variable("lambda-labs") == "CLOUDGPUS_KEY_LAMBDA_LABS"


def test_files_of_readings_are_separated_as_in_a_path(monkeypatch):
    assert settings.load().readings == ()
    monkeypatch.setenv("CLOUDGPUS_READINGS", "/a.csv:b.csv.gz")
    assert settings.load().readings == (Path("/a.csv"), Path("b.csv.gz"))
    monkeypatch.setenv("CLOUDGPUS_READINGS", "a.csv::")
    assert settings.load().readings == (Path("a.csv"),)


def test_a_store_is_reached_as_the_environment_and_the_file_say(folder, monkeypatch):
    (folder / ".env").write_text("AWS_ACCESS_KEY_ID=file\nAWS_REGION=auto\nDATABASE_URL=x\n")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "environment")
    found = settings.load().store_access()
    assert (found["AWS_ACCESS_KEY_ID"], found["AWS_REGION"]) == ("environment", "auto")
    assert all(name.startswith("AWS_") for name in found)
    monkeypatch.setenv("CLOUDGPUS_MODEL_KEY", "s3cret")
    assert not {"AWS_ACCESS_KEY_ID", "CLOUDGPUS_MODEL_KEY"} & settings.for_programs().keys()


@pytest.mark.parametrize(
    ("stated", "encodings"), [("", ("gz", "br")), ("gz", ("gz",)), ("br, zst", ("br", "zst")), ("none", ())]
)
def test_the_siblings_of_texts_are_listed(stated, encodings, monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_COMPRESS", stated)
    assert settings.load().compress == encodings


def test_a_wrong_key_is_named_and_not_shown(monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_INDEXNOW_KEY", "under_score")
    with pytest.raises(BuildError, match=r"^CLOUDGPUS_INDEXNOW_KEY: expected 8 to 128 letters") as raised:
        settings.load()
    assert "under_score" not in str(raised.value)


@pytest.mark.parametrize("url", ["https://example.org/prices", "https://example.org/prices/"])
def test_a_site_may_live_under_a_path(url, monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_SITE_URL", url)
    assert settings.load().site_url == "https://example.org/prices"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "foo"),
        ("SITE_URL", "ftp://example.org"),
        ("SITE_URL", "https://example.org/?page=1"),
        ("SITE_URL", "https://example.org/#top"),
        ("SITE_URL", "https://example.org//evil.example"),
        ("SITE_URL", "https://example.org/\\evil.example/"),
        ("REPOSITORY", "https://example.org/a//b"),
        ("CONTACT", "javascript:alert(1)"),
        ("CONTACT", "see below"),
        ("SITE_NAME", " "),
        ("OUTPUT_DIR", "  "),
        ("PRODUCT_MARKUP", "x"),
        ("ORGANISATION", "x" * 101),
        ("SITE_NAME", "n" * 41),
        ("PRODUCT_MARKUP", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_found_and_expected(name, value, monkeypatch):
    monkeypatch.setenv(f"CLOUDGPUS_{name}", value)
    with pytest.raises(BuildError) as told:
        settings.load()
    message = told.value.message
    assert message.startswith(f"CLOUDGPUS_{name}={value!r}: expected ")
    assert message.endswith("; set it in the environment or in .env")
    assert "\n" not in message


@pytest.mark.parametrize("name", ["SITE_URL", "REPOSITORY", "CONTACT"])
@pytest.mark.parametrize(
    "value",
    [
        "https://jo:s3cret@example.org/",
        "https://s3cret@example.org/prices",
        "https://jo:s3cret@",
        "https://jo:a@s3cret@example.org/",
        "https://jo:s3cret/b@example.org/",
        "https://jo:a/s3cret@example.org/",
        "https://jo:s3cret",
        "http://[jo:s3cret@example.org/",
    ],
)
def test_an_address_with_a_login_is_refused_without_it(name, value, monkeypatch):
    monkeypatch.setenv(f"CLOUDGPUS_{name}", value)
    with pytest.raises(BuildError, match=f"^CLOUDGPUS_{name}.*: expected an address .* without user") as told:
        settings.load()
    assert "@" not in value or "s3cret" not in told.value.message


@pytest.mark.parametrize(
    "url",
    ["https://models.example/v1", "http://localhost:8080/v1", "http://127.0.0.1:11434/v1", "http://[::1]:8080/v1"],
)
def test_a_language_model_is_asked_over_tls_or_on_this_machine(url, monkeypatch):
    assert (settings.load().model_url, settings.load().model, settings.load().model_key) == ("", "", None)
    monkeypatch.setenv("CLOUDGPUS_MODEL_URL", f"{url}/")
    monkeypatch.setenv("CLOUDGPUS_MODEL_KEY", "s3cret")
    assert settings.load().model_url == url
    assert "s3cret" not in repr(settings.load())


@pytest.mark.parametrize(
    "url",
    [
        "http://models.example/v1",
        "http://10.0.0.1/v1",
        "http://localhost.example/v1",
        "http://127.0.0.1.example/v1",
        "http://0.0.0.0/v1",
        "https://models.example/v1?key=s3cret",
        "https://jo:s3cret@models.example/v1",
        "file:///etc/passwd",
        "models.example",
    ],
)
def test_a_language_model_elsewhere_without_encryption_is_refused(url, monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_MODEL_URL", url)
    with pytest.raises(
        BuildError, match=r"^CLOUDGPUS_MODEL_URL.*: expected https://\.\.\. \(or http://localhost"
    ) as told:
        settings.load()
    assert "@" not in url or "s3cret" not in told.value.message


@pytest.mark.parametrize("price", ["-1", "NaN", "dear"])
def test_a_price_of_tokens_is_a_number(price, monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_MODEL_PROMPT_PRICE", price)
    with pytest.raises(BuildError, match=f"^CLOUDGPUS_MODEL_PROMPT_PRICE='{price}': "):
        settings.load()


@pytest.mark.parametrize("contact", ["jo@example.org", "https://social.example/@jo", "mailto:jo@example.org"])
def test_a_contact_may_have_an_at_sign(contact, monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_CONTACT", contact)
    assert settings.load().contact == contact


TEXTS = ("SITE_NAME", "ORGANISATION", "SITE_URL", "REPOSITORY", "CONTACT", "HEALTH_LIMITS", "READINGS", "OUTPUT_DIR")


@pytest.mark.parametrize("name", [*TEXTS, "DATA_DIR", "BACKUP_DIR", "DATABASE_URL"])
@pytest.mark.parametrize("odd", ["\n", "\x1b[2J", "\udcff", "\u2028", "\x7f"])
def test_a_setting_is_one_line_of_text(name, odd, monkeypatch):
    monkeypatch.setenv(f"CLOUDGPUS_{name}", f"a{odd}b")
    with pytest.raises(BuildError, match=f"^(CLOUDGPUS_)?{name}.*: expected one line of text in UTF-8") as told:
        settings.load()
    assert told.value.message.isprintable()
    assert name != "DATABASE_URL" or "b:" not in told.value.message


def test_a_nul_in_the_file_is_refused(folder):
    (folder / ".env").write_bytes(b"CLOUDGPUS_SITE_NAME=a\0b\n")
    with pytest.raises(BuildError, match=r"^CLOUDGPUS_SITE_NAME='a\\x00b': expected one line"):
        settings.load()


def test_a_home_folder_of_an_unknown_user_is_refused(monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_DATA_DIR", "~nobody-of-that-name/data")
    with pytest.raises(BuildError, match="no user of that name has a home folder"):
        settings.load()


def test_a_file_that_is_not_text_is_named(folder):
    (folder / ".env").write_bytes(b"CLOUDGPUS_SITE_NAME=\xff\xfe\n")
    with pytest.raises(BuildError, match=r"\.env: .*; expected lines NAME=value in UTF-8"):
        settings.load()


@pytest.mark.parametrize(
    "line",
    ["DATABASE_URL: postgresql://u:s3cret@h/d", 'DATABASE_URL="postgresql://u:s3cret@h/d', "DATABASE_URL", "=s3cret"],
)
def test_an_unreadable_line_of_the_file_is_named_and_not_skipped(line, folder):
    (folder / ".env").write_text(f"CLOUDGPUS_CONTACT=me\n\n{line}\nCLOUDGPUS_SITE_NAME=File\n")
    with pytest.raises(BuildError, match=r"\.env:3: can't be read; expected NAME=value") as raised:
        settings.load()
    assert "s3cret" not in raised.value.message


def test_comments_empty_values_and_other_programs_lines_are_ignored(folder):
    (folder / ".env").write_text("\ufeff# mine\n\nexport CLOUDGPUS_CONTACT = me@b.example  # me\nEDITOR=\nA='b c'\n")
    assert settings.load().contact == "me@b.example"


def test_a_home_folder_is_expanded(monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_DATA_DIR", "~/data")
    monkeypatch.setenv("HOME", "/home/jo")
    assert str(settings.load().data_dir) == "/home/jo/data"


def test_statements_are_paragraphs_and_verification_files_are_names_with_texts():
    files = "google1.html token: 1 | Bing.xml <users/>"
    made = settings.Settings(imprint="Acme | 1 Road", privacy=" | ", verification=files)
    assert made.statements() == {"imprint": ("Acme", "1 Road")}
    assert made.verification_files() == {"google1.html": "token: 1", "Bing.xml": "<users/>"}


@pytest.mark.parametrize(
    "stated",
    ["index.html x", "Robots.txt x", "llms.txt x", "../x.html x", "google1.html", "a/b.txt x", "x.js y"],
)
def test_a_verification_file_that_is_none_is_refused(stated):
    with pytest.raises(ValueError, match="expected a name such as google1234"):
        settings.Settings(verification=stated)
