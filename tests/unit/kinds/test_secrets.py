"""Secrets: told by name or shape, masked, refused in clear; and what `!env` stands for."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.kinds.base import Item
from drupalsync.kinds.environment import MissingEnv, settle, settle_item
from drupalsync.kinds.secrets import is_secret_name, looks_secret, mask, refuse_clear, secret_paths
from drupalsync.php import PhpObject, PhpSerialized
from drupalsync.tree import UNSET, Env, TreeValue

CANARY = "hunter2-very-secret"
HEX = "0123456789abcdef0123456789abcdef"
LETTERS = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def variable(name: str, value: TreeValue, source: str = "") -> Item:
    return Item(kind="variable", key=name, fields={"value": value}, source=source)


@pytest.mark.parametrize(
    "name",
    [
        "drupal_private_key", "cron_key", "smtp_password", "proxy_password", "simpletest_httpauth_password", "shield_pass",
        "mailchimp_api_key", "akismet_wpapi_key", "twitter_consumer_secret", "awssdk2_access_key", "github_token",
        "github_token_prod", "clientSecret", "apiKey", "AWSSecretKey", "stripe.secret-key", "mysettings:auth_token",
        "ldap_bindpw", "db_passwd", "drupal_hash_salt", "disqus_secretkey", "access_token_secret", "oauth2_key", "passphrase",
    ],
)  # fmt: skip
def test_a_name_tells_a_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "user_mail_password_reset_subject", "user_mail_password_reset_body", "user_mail_status_activated_notify",
        "user_pass_reset_ip_limit", "user_password_reset_timeout", "user_password_reset_text", "password_count_log2",
        "password_inc", "password_policy_admin", "token_tree_recursion_limit", "recaptcha_public_key", "recaptcha_site_key",
        "secretary_name", "minimum_password_length", "private_key_path", "token_endpoint", "pathauto_tokens", "site_name",
        "compass", "key", "keywords", "monkey", "administer password policy", "reset other users passwords", "bypass", "",
    ],
)  # fmt: skip
def test_a_setting_about_secrets_is_none(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nMII", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "key AKIAIOSFODNN7EXAMPLE here", f"ghp_{LETTERS}", f"github_pat_{LETTERS}", "xoxb-123456789012-abc",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        f"{HEX}-us1", f"AIza{LETTERS[:35]}", "mysql://drupal:hunter2@db1.example.org/icann",
        f"<script src='https://api.example.org/?key=AIza{LETTERS[:35]}'></script>",
        "https://a.example.org/feed?os_password=hunter2", "https://a.example.org/?x=1&api_key=SEKRET3",
        f"https://a.example.org/feed?auth={HEX}", f"https://a.example.org/?key={HEX}", f"https://{LETTERS}1@a.example.org/feed",
    ],
)  # fmt: skip
def test_a_shape_tells_a_secret(text: str) -> None:
    assert looks_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Example", "https://example.org/user:1@2", "http://user:password@example.org", "https://u:[pass]@example.org",
        "user@example.org", HEX, "-----BEGIN PUBLIC KEY-----", "node/12", "eyJ.eyJ.x", "AKIA", "focus-us", "mailto:a@b.org",
        "https://user:…@example.org/", "http://example.org/a:b@c", "12:30 a@b", "https://a.example.org/?key=about&sig=no",
        "https://a.example.org/?show_password=1", "https://somebody-with-a-name-of-many-letters@a.example.org/",
    ],
)  # fmt: skip
def test_plain_text_is_no_secret(text: str) -> None:
    assert not looks_secret(text)


def test_a_secret_becomes_a_value_of_the_environment_that_keeps_what_is_there() -> None:
    masked, names = mask(variable("smtp_password", CANARY), None)
    assert masked.fields == {"value": Env("SMTP_PASSWORD", keep=True)}
    assert names == ["SMTP_PASSWORD"]


def test_what_is_no_secret_is_handed_back_as_it_is() -> None:
    item = variable("site_name", {"title": "Example", "n": [1, None, PhpObject("stdClass", {"x": "y"})]})
    assert mask(item, None) == (item, [])


@pytest.mark.parametrize("value", ["", False, True, None, "0", "1", 0, 1, [], "TRUE"], ids=repr)
def test_nothing_and_a_switch_are_no_secret_whatever_their_name(value: TreeValue) -> None:
    assert mask(variable("smtp_password", value), None)[1] == []


@pytest.mark.parametrize(
    "value", [CANARY, 123456, 0.5, b"\xff\xfe", PhpSerialized(b"E:1:x"), [CANARY], {"x": CANARY}], ids=repr
)
def test_whatever_else_bears_a_secret_s_name_is_one(value: TreeValue) -> None:
    assert mask(variable("smtp_password", value), None)[1] != []


def test_a_ticked_box_is_its_own_name_and_no_secret() -> None:
    assert secret_paths(variable("panels_page_default", {"token": "token", "custom": "custom"})) == set()
    assert secret_paths(variable("x", PhpObject("stdClass", {"\0*\0token": "token"}))) == set()


def test_secrets_are_found_at_any_depth_and_named_after_their_path() -> None:
    value: TreeValue = {
        "host": "smtp.example.org",
        "auth": {"api-key": CANARY, "users": [{"passwd": CANARY}]},
        "o": PhpObject("stdClass", {"\0*\0clientSecret": CANARY, "open": "yes"}),
    }
    masked, names = mask(variable("my.mail", value), None)
    assert sorted(names) == ["MY_MAIL_AUTH_API_KEY", "MY_MAIL_AUTH_USERS_0_PASSWD", "MY_MAIL_O_CLIENTSECRET"]
    assert CANARY not in repr(masked)
    assert "smtp.example.org" in repr(masked)
    assert secret_paths(masked) == secret_paths(variable("my.mail", value))


def test_everything_below_a_secret_s_name_is_secret() -> None:
    item = variable("x", {"credentials": {"user": "alice", "on": True, "list": ["a"]}})
    assert secret_paths(item) == {("value", "credentials", "user"), ("value", "credentials", "list", 0)}


def test_a_secret_shape_in_a_long_text_hides_the_whole_text() -> None:
    block = Item(kind="block", key="custom/footer", fields={"body": f"<p>{HEX}-us12</p>", "title": "Footer"})
    masked, names = mask(block, None)
    assert masked.fields == {"body": Env("BLOCK_CUSTOM_FOOTER_BODY", keep=True), "title": "Footer"}
    assert names == ["BLOCK_CUSTOM_FOOTER_BODY"]


def test_an_alias_is_public_and_no_secret_whatever_its_shape() -> None:
    aliases: TreeValue = [{"alias": f"token/{HEX}-us12", "language": "und"}, Env("FRONT_ALIAS")]
    page = Item(kind="node", key="page/x", fields={"title": "X", "aliases": aliases})
    masked, names = mask(page, page)
    assert masked.fields == page.fields
    assert names == []
    assert secret_paths(page) == {("aliases", 1)}
    assert list(refuse_clear([page])) == []


def test_random_letters_are_secret_only_under_a_telling_name() -> None:
    assert secret_paths(variable("acquia_key", HEX))
    assert not secret_paths(variable("acquia_etag", HEX))
    assert not secret_paths(variable("view_key", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"))
    assert not secret_paths(variable("primary_key", "a_rather_long_column_name"))


@pytest.mark.parametrize(
    "leaf",
    ['a:1:{s:8:"password";s:7:"hunter2";}', PhpSerialized(b'a:2:{s:7:"api_key";s:3:"abc";i:0;R:2;}')],
    ids=["in a text", "in what cannot be opened"],
)
def test_a_secret_inside_serialized_data_is_found(leaf: TreeValue) -> None:
    assert secret_paths(variable("x", leaf)) == {("value",)}


def test_serialized_data_without_a_secret_is_left_alone() -> None:
    assert not secret_paths(variable("x", 'a:2:{s:8:"password";s:0:"";s:4:"name";s:1:"x";}'))


def test_what_the_tree_takes_from_the_environment_it_goes_on_taking_from_there() -> None:
    old = variable(
        "x", {"mail": Env("SITE_MAIL", default="a@b.org"), "password": Env("OTHER_NAME"), "gone": Env("G", keep=True)}
    )
    masked, names = mask(variable("x", {"mail": "me@example.org", "password": CANARY, "new": 1}), old)
    assert masked.fields == {
        "value": {"mail": Env("SITE_MAIL", default="a@b.org"), "password": Env("OTHER_NAME"), "new": 1}
    }
    assert names == []


def test_an_env_for_a_whole_map_stays_one() -> None:
    old = variable("x", Env("X", keep=True))
    assert mask(variable("x", {"password": CANARY}), old) == (variable("x", Env("X", keep=True)), ["X"])


def test_two_secrets_of_an_item_never_share_a_name() -> None:
    masked, names = mask(variable("x", {"api-key": CANARY, "api_key": CANARY}), None)
    assert names == ["X_API_KEY", "X_API_KEY_2"]
    assert masked.fields == {
        "value": {"api-key": Env("X_API_KEY", keep=True), "api_key": Env("X_API_KEY_2", keep=True)}
    }


@pytest.mark.parametrize(("key", "name"), [("404_password", "X_404_PASSWORD"), ("über_password", "UBER_PASSWORD")])
def test_every_name_is_one_that_a_shell_can_set(key: str, name: str) -> None:
    assert mask(variable(key, CANARY), None)[1] == [name]


def test_a_tree_with_a_clear_secret_is_refused_without_showing_it() -> None:
    items = [
        variable("smtp_password", CANARY, "variables/smtp.yml"),
        variable("mail", {"auth": {"token": Env("T", default=CANARY)}}),
        variable("ok_password", Env("OK", keep=True)),
        variable("site_name", "Example"),
    ]
    told = [str(error) for error in refuse_clear(items)]
    assert told == [
        "variable:smtp_password holds a secret in clear\n"
        "  where: variables/smtp.yml: variable:smtp_password\n"
        "  mend:  write `!env {name: SMTP_PASSWORD, unset: keep}` in its place; if it was ever committed, change the secret",
        "variable:mail holds a secret in clear, in value.auth.token\n"
        "  where: variable:mail\n"
        "  mend:  write `!env {name: MAIL_AUTH_TOKEN, unset: keep}` in its place; if it was ever committed, change the secret",
    ]
    assert all(CANARY not in repr(error) for error in refuse_clear(items))


OPEN: dict[Any, Any] = {"k": Env("NO", keep=True)}
ENVIRON = {"SET": "given", "EMPTY": "", "BYTES": b"\xff".decode("utf-8", "surrogateescape")}


@pytest.mark.parametrize(
    ("value", "live", "expected"),
    [
        pytest.param("plain", UNSET, "plain", id="nothing to settle"),
        pytest.param(Env("SET"), "old", "given", id="the environment says"),
        pytest.param(Env("SET", default=1, keep=True), "old", "given", id="the environment comes first"),
        pytest.param(Env("BYTES"), UNSET, b"\xff", id="bytes that are no UTF-8"),
        pytest.param(Env("EMPTY"), "old", "", id="empty is set"),
        pytest.param(Env("EMPTY", keep=True), "old", "old", id="an empty secret keeps what is there"),
        pytest.param(Env("NO", default=None), "old", None, id="null is a default like any other"),
        pytest.param(Env("NO", default=[Env("SET")]), UNSET, ["given"], id="a default may hold another"),
        pytest.param(Env("NO", keep=True), 5, 5, id="the site's value stays, with its type"),
        pytest.param(Env("NO", keep=True), UNSET, UNSET, id="nothing to keep"),
        pytest.param({"a": 1, "k": Env("NO", keep=True)}, {"k": "x"}, {"a": 1, "k": "x"}, id="kept inside a map"),
        pytest.param({"a": 1, "k": Env("NO", keep=True)}, {"b": 2}, {"a": 1}, id="the site's map has no such entry"),
        pytest.param({"k": Env("NO", keep=True)}, {"b": 2}, [], id="an array that is left empty"),
        pytest.param({"a": 1, "k": Env("NO", keep=True)}, UNSET, UNSET, id="the site has no such map"),
        pytest.param([Env("NO", keep=True), Env("SET")], ["x"], ["x", "given"], id="kept inside a list"),
        pytest.param([1, Env("NO", keep=True)], [1], UNSET, id="a list cannot leave a member out"),
        pytest.param(PhpObject("c", OPEN), PhpObject("c", {"k": 1}), PhpObject("c", {"k": 1}), id="in an object"),
    ],
)
def test_a_value_is_settled_by_environment_then_default_then_site(
    value: TreeValue, live: TreeValue, expected: TreeValue
) -> None:
    settled = settle(value, live, ENVIRON, [])
    assert settled == expected
    assert type(settled) is type(expected)


def test_an_unset_variable_without_a_way_out_is_an_error_that_says_what_to_set() -> None:
    with pytest.raises(MissingEnv) as caught:
        settle_item(variable("site_mail", Env("SITE_MAIL"), "variables/site.yml"), None, {}, [])
    assert str(caught.value) == (
        "the environment variable SITE_MAIL is not set\n"
        "  where: variables/site.yml: variable:site_mail\n"
        "  mend:  export SITE_MAIL=…, or give it a default in the tree: !env {name: SITE_MAIL, default: …}"
    )


def test_an_item_whose_value_cannot_be_made_here_is_left_out_and_named() -> None:
    missing: list[str] = []
    item = variable("smtp_password", Env("SMTP_PASSWORD", keep=True))
    assert settle_item(item, None, {}, missing) is None
    assert settle_item(item, variable("smtp_password", "live"), {}, missing) == variable("smtp_password", "live")
    assert settle_item(item, None, {"SMTP_PASSWORD": "new"}, missing) == variable("smtp_password", "new")
    assert missing == ["SMTP_PASSWORD", "SMTP_PASSWORD"]
