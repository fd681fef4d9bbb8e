"""The recogniser of credentials: what it finds, what it leaves, and how long it takes."""

from __future__ import annotations

import re
import time
from pathlib import Path

import msgspec
import pytest
from babel.messages.pofile import read_po
from secret_gallery import INNOCENT, PLANTED, Form

from logaudit.core.secrets import Numbering, find_secrets, may_hold_secret, redact, walk
from logaudit.core.secrets.below import hide_below
from logaudit.core.secrets.checked_forms import LETTERS
from logaudit.core.secrets.forms import CHECKED
from logaudit.core.secrets.kept import says_secret
from logaudit.core.secrets.prefilter import suspect_texts
from logaudit.core.text import QUOTE_LIMIT, quote


def test_the_galleries_are_large_enough() -> None:
    assert len({form.text for form in PLANTED}) >= 150
    assert len(set(INNOCENT)) >= 60


@pytest.mark.parametrize("form", PLANTED, ids=lambda form: form.text)
def test_a_credential_is_found(form: Form) -> None:
    assert form.secret in form.text
    for text in (form.text, f"10:30:00 | INFO | bot - {form.text}", f"{form.text} and more"):
        assert form.secret not in Numbering().text(text)


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_none_stays(text: str) -> None:
    for line in (text, f"10:30:00 | INFO | bot - {text}", f"{text} and more"):
        assert find_secrets(line) == []


@pytest.mark.parametrize("form", PLANTED, ids=lambda form: form.text)
def test_what_is_redacted_holds_nothing_more(form: Form) -> None:
    once = redact(form.text)
    assert redact(once) == once


def test_equal_values_have_one_number_and_others_have_others() -> None:
    numbering = Numbering()
    first = numbering.text("api_key=Zx81kqPv92 secret=Ab12cd34Ef")
    assert first == "api_key=«redacted:api-key#1» secret=«redacted:secret#2»"
    assert (
        numbering.text("{'secret': 'Ab12cd34Ef'}, token2=x") == "{'secret': '«redacted:secret#2»'}, token2=x"
    )
    assert numbering.text('{"apiKey": "Zx81kqPv92"}') == '{"apiKey": "«redacted:api-key#1»"}'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pin=1321", "pin=«»"),
        ("PIN: 541267, ok", "PIN: «», ok"),
        ("otp=481 922", "otp=«»"),
        ("2FA code 481922 accepted", "2FA code «» accepted"),
        ("код подтверждения: 481922.", "код подтверждения: «»."),
        ("pin=64000", "pin=64000"),
        ("pin=3000.25", "pin=3000.25"),
        ("pin: 2025-11-28", "pin: 2025-11-28"),
        ("otp=3000 ms", "otp=3000 ms"),
        ("pin 1321", "pin 1321"),
    ],
)
def test_codes_are_digits_that_begin_no_price_time_or_amount(text: str, shown: str) -> None:
    assert re.sub("«[^»]+»", "«»", redact(text)) == shown


def test_a_mere_key_is_one_beside_its_secret() -> None:
    """A UUID and digits in hex are keys of some venues, and ids elsewhere."""
    for key in ("550e8400-e29b-41d4-a716-446655440000", "4c0883a69102937d4c0883a69102937d"):
        assert find_secrets(f"exchange(key='{key}', pair='BTC-USDT')") == []
        both = f"exchange(key='{key}', secret='Zq7XwLm2Pv9Kt4Rb', id='{key}')"
        assert (
            Numbering().text(both)
            == f"exchange(key='«redacted:api-key#1»', secret='«redacted:secret#2»', id='{key}')"
        )


def test_further_values_are_credentials_where_a_name_is_of_several() -> None:
    several = "api_keys=Zq7XwLm2Pv9Kt4Rb1Zq7X,Ab7XwLm2Pv9Kt4Rb1Zq7X"
    assert Numbering().text(several) == "api_keys=«redacted:api-key#1»,«redacted:api-key#2»"
    other = "(api_key=Zq7XwLm2Pv9Kt4Rb1Zq7X, Ab7XwLm2Pv9Kt4Rb1Zq7X)"
    assert Numbering().text(other) == "(api_key=«redacted:api-key#1», Ab7XwLm2Pv9Kt4Rb1Zq7X)"


def test_a_mark_shows_nothing_of_the_value_and_is_numbered_by_place() -> None:
    marked = redact("passphrase=Ab12cd34Ef")
    assert Numbering().text(marked) == "passphrase=«redacted:passphrase#1»"
    assert Numbering().text("passphrase=Gh56ij78Kl") == "passphrase=«redacted:passphrase#1»"


def test_a_quotation_cuts_no_credential_in_two() -> None:
    for before in range(QUOTE_LIMIT - 60, QUOTE_LIMIT + 5):
        text = "x" * before + " api_key=Zx81kqPv92Zx81kqPv92Zx81kqPv92 and more" + "y" * 6000
        shown = Numbering().text(quote(text))
        assert "Zx8" not in shown
        assert "#t" not in shown
        assert shown.endswith("…")


def test_a_walk_changes_texts_and_nothing_else() -> None:
    value = {"api_key=Zx81kqPv92": [1, ("a", None), "secret=Zx81kqPv92"], "b": True}
    assert walk(value, Numbering().text) == {
        "api_key=«redacted:api-key#1»": [1, ("a", None), "secret=«redacted:secret#1»"],
        "b": True,
    }
    same = {"a": ("b", [1, 2])}
    assert walk(same, Numbering().text) is same


@pytest.mark.parametrize(
    "piece",
    [
        "token ",
        "password:",
        "cookie:",
        "://a:",
        "eyJ",
        "key=",
        "-----BEGIN PRIVATE KEY-----",
        "%25",
        'secret"',
        "bearer a",
        "mysql -u a ",
        "redis-cli b ",
        "auth=('a', ",
        "pk=0x4c08",
        "sk ",
        "words winner ",
        "secret of a ",
        "secret ",
        "secret....",
        "apiKey=\x1b[0m",
        "password='a'b",
        "\u0430pi_key ",
        "://a:b/",
        "name: secret\n value",
        "credentials={'a':'b',",
        "secrets: - a",
        "secrets:\n  - a",
        "key=Zq7XwLm2Pv9Kt4Rb secret=Zq7XwLm2Pv9Kt4Rb ",
        "client('Zq7XwLm2Pv9Kt4Rb',",
        "basic QWxh ",
        "-k Zq7XwLm2Pv9Kt4RbZq7X ",
        "api_keys=Zq7XwLm2Pv9Kt4RbZq7X to ",
        "Authorization: aaaa-",
        "contraseña: ",
        "pin=1 otp code ",
        "password: |\n  a",
    ],
)
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        return min(_timed(text) for _ in range(3))

    seconds(100)
    small, large = seconds(400), seconds(3200)
    assert large < 40 * small + 0.05  # eight times the text; a quadratic search takes 64 times as long


@pytest.mark.parametrize(
    ("above", "line", "shown"),
    [
        (["api_secret:"], "  Zx81kqPv92", "  «redacted:secret#1»"),
        (["10:30 | INFO | cfg - password: |"], "  two words", "  «redacted:password#1»"),
        (["mnemonic: >", "  winner thank year wave"], "  sausage worth useful", "  «redacted:mnemonic#1»"),
        (['"api_key":'], '    "Zx81kqPv92",', '    "«redacted:api-key#1»",'),
        (["api_key: &main"], "  Zx81kqPv92", "  «redacted:api-key#1»"),
        (["secret=\\"], "Zx81kqPv92", "«redacted:secret#1»"),
        (["api_secret:"], "Zx81kqPv92", "Zx81kqPv92"),
        (["api_secret: loaded"], "  Zx81kqPv92", "  Zx81kqPv92"),
        (["api_secret:", "other: 1"], "  Zx81kqPv92", "  Zx81kqPv92"),
        (["api_secret:", "  loaded"], "  Zx81kqPv92", "  Zx81kqPv92"),
        (["credentials:"], "  user: bot", "  user: bot"),
        (["position: |"], "  Zx81kqPv92", "  Zx81kqPv92"),
        (["- name: OKX_SECRET"], "  value: Zx81kqPv92", "  value: «redacted:secret#1»"),
        (['  "name": "OKX_SECRET",'], '  "value": "Zx81kqPv92"', '  "value": "«redacted:secret#1»"'),
        (["- name: VENUE"], "  value: okx-main-1", "  value: okx-main-1"),
        ([], "  Zx81kqPv92", "  Zx81kqPv92"),
        (["secrets:"], "  - Zx81kqPv92", "  - «redacted:secret#1»"),
        (["secrets:", "  - Ab12kqPv92"], "  - Zx81kqPv92", "  - «redacted:secret#1»"),
        (["secrets:", "  okx: Ab12kqPv92"], "  bybit: Zx81kqPv92", "  bybit: «redacted:secret#1»"),
        (["secrets:"], "  venue: okx-main-1", "  venue: okx-main-1"),
        (["secrets:", "next: 1"], "  - Zx81kqPv92", "  - Zx81kqPv92"),
        (["secrets:", "  okx: Ab12kqPv92", "    pair: x"], "  - Zx81kqPv92", "  - Zx81kqPv92"),
        (["pairs:"], "  - Zx81kqPv92", "  - Zx81kqPv92"),
    ],
)
def test_a_line_is_read_with_the_name_above_it(above: list[str], line: str, shown: str) -> None:
    assert Numbering().text(hide_below(line, above)) == shown


def test_no_sentence_of_ours_is_redacted() -> None:
    """Whatever stands in its places: folders, commands, lines and names that look random."""
    values = (
        "/home/bot7/logs-2026a",
        "logaudit scan logs7 --tz +03:00",
        "2026-01-10 10:00:00",
        "e847386590ce4d",
    )
    with Path("logaudit/locale/ru/LC_MESSAGES/logaudit.po").open("rb") as file:
        texts = [
            t
            for m in read_po(file)
            for each in (m.id, m.string)
            for t in ([each] if isinstance(each, str) else each)
        ]
    assert len(texts) > 1000
    named = [text.replace("({kind})", "(API key)") for text in texts]
    shown = [re.sub(r"\{\w+\}", value, text) for text in named for value in values]
    assert [text for text in shown if find_secrets(text)] == []


def _timed(text: str) -> float:
    begin = time.process_time()
    find_secrets(text)
    return time.process_time() - begin


def test_the_quick_look_misses_nothing() -> None:
    assert [form.text for form in PLANTED if not may_hold_secret(form.text)] == []


def test_the_quick_look_sees_names_that_share_letters() -> None:
    """Asked often enough that all stems are searched for at once: ``otp`` and ``passw`` meet in one letter."""
    told = {may_hold_secret("rootPassword='Zq7XwLm2Pv9Kt4Rb'") for _ in range(20)}
    assert told == {True}
    assert suspect_texts(["rootPassword='Zq7XwLm2Pv9Kt4Rb'"] * 2) == ["rootPassword='Zq7XwLm2Pv9Kt4Rb'"] * 2


def test_one_look_at_many_texts_tells_which_of_them_may_hold_one() -> None:
    plain = ["BTC-USDT", "a close of 1.5", ""]
    texts = [text for form in PLANTED for text in (*plain, form.text)]
    assert suspect_texts(plain) == []
    assert suspect_texts(texts) == [form.text for form in PLANTED]
    assert {t for t in INNOCENT if may_hold_secret(t)} == {*suspect_texts(INNOCENT)}


@pytest.mark.parametrize("wrap", [lambda item: item, lambda item: {"rows": item}, lambda item: {1: item}])
def test_large_packed_values_are_searched_to_their_last_text(wrap):
    plain = [["a row of a ledger", 1.5, None]] * 60_000
    address = "postgres://bot:Xk29_hunter2q@db/trades"
    assert find_secrets(address)
    assert not says_secret(msgspec.msgpack.encode(wrap(plain)))
    assert says_secret(msgspec.msgpack.encode(wrap([*plain, ["x", {"note": address}]])))


def test_forms_that_are_looked_at_closely_are_asked_for_by_their_letters() -> None:
    assert set(CHECKED) == set(LETTERS)
