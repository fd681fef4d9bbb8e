"""Messages: every sentence of the code is translated, with the same parameters, and said as its language does."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import messages as tool
import msgspec
import pytest
from babel.messages.catalog import Catalog

from logaudit.core.diagnosis import BlindPath, Condition
from logaudit.core.fields import KINDS, NUMBERS, FieldKind
from logaudit.core.location import Address
from logaudit.core.message import (
    Authored,
    Code,
    Duration,
    Joiner,
    Listed,
    Message,
    Money,
    Number,
    Param,
    Place,
    Probability,
    Share,
    Size,
    Text,
    Time,
    codes,
    label,
    msg,
    plain_text,
    plural,
    plural_in,
    sentences,
)
from logaudit.core.timestamp import MILLISECOND, MINUTE, Stamp
from logaudit.diagnosis.attributes import Attribute
from logaudit.diagnosis.wording import condition
from logaudit.locale import ENGLISH, installed, language
from logaudit.renderers.document.document import CodeSpan, TextSpan
from logaudit.renderers.document.translator import Translator
from logaudit.rules import la110_blind_code_path
from logaudit.rules.wording import FIELDS

RUSSIAN = language("ru")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return tool.collected()


@pytest.mark.parametrize("path", tool.catalogues(), ids=lambda path: path.parent.parent.name)
def test_a_catalogue_says_every_message_of_the_code_and_no_other(path: Path, template: Catalog) -> None:
    assert list(tool.problems(tool.read_catalogue(path), template)) == []


def test_every_catalogue_is_installed() -> None:
    assert installed() == ("en", *(path.parent.parent.name for path in tool.catalogues()))


@pytest.mark.parametrize(
    ("string", "problem"),
    [
        ("", "untranslated"),
        ("Строки {n} нет.", ""),
        ("Строки нет.", "other fields"),
        ("Строки {n} нет в {path}.", "other fields"),
        ("**Строки {n}** нет.", "other strong words"),
    ],
)
def test_what_a_translation_lacks_is_named(string: str, problem: str) -> None:
    code, catalogue = Catalog(), Catalog(locale="ru")
    code.add("No row {n}.")
    catalogue.add("No row {n}.", string)
    assert [text.partition(":")[0].startswith(problem) for text in tool.problems(catalogue, code)] == (
        [True] if problem else []
    )


def test_every_plural_form_names_the_fields_of_the_english_plural() -> None:
    code, catalogue = Catalog(), Catalog(locale="ru")
    # English may leave the count of one unsaid; in Russian the first form serves 21 as well.
    code.add(("The one row of {file}.", "All {n} rows of {file}."))
    catalogue.add(
        ("The one row of {file}.", "All {n} rows of {file}."),
        ("{n} строка {file}.", "{n} строки {file}.", "Строк {file}."),
    )
    (problem,) = tool.problems(catalogue, code)
    assert problem.endswith("'Строк {file}.'")


def test_fuzzy_obsolete_and_missing_entries_are_named() -> None:
    code, catalogue = Catalog(), Catalog(locale="ru")
    code.add("new")
    code.add("doubtful")
    catalogue.add("doubtful", "сомнительно", flags=["fuzzy"])
    catalogue.add("old", "старое")
    assert list(tool.problems(catalogue, code)) == [
        "not in the catalogue: 'new'",
        "obsolete: 'old'",
        "fuzzy: 'doubtful'",
    ]


@pytest.mark.parametrize(
    ("param", "english", "russian"),
    [
        (1234, "1,234", "1 234"),
        (Code("{n} **x**"), "{n} **x**", "{n} **x**"),
        (Text("1.50"), "1.50", "1.50"),
        (Money(Decimal("1.50")), "+1.50", "+1.50"),
        (Money(Decimal("-1234.5")), "-1234.5", "-1234.5"),
        (Money(None), "unknown", "–"),
        (Number(Decimal("1E+3")), "1000", "1000"),
        (Share(Decimal("0.5833")), "58.3%", "58.3 %"),
        (Share(None), "–", "–"),
        (Probability(Decimal("1.2E-9")), "1.2E-9", "1.2E-9"),
        (Duration(139 * MINUTE), "2 h 19 min", "2 ч 19 мин"),
        (Size(1_500_000), "1.5 MB", "1.5 МБ"),
        (Place(Address("a.zip", "b.log"), 7), "a.zip!b.log:7", "a.zip!b.log:7"),
        (Place(Address("b.log")), "b.log", "b.log"),
        (Authored((("en", "it writes"), ("ru", "он пишет"))), "it writes", "он пишет"),
        (Authored((("de", "es schreibt"),)), "es schreibt", "es schreibt"),
        (codes(["a", "b"]), "a, b", "a, b"),
        (Listed((Text("a"), Text("b"), Text("c")), Joiner.AND), "a and b and c", "a и b и c"),
        (Listed(()), "", ""),
    ],
)
def test_each_kind_of_parameter_is_formatted_by_the_language(
    param: Param, english: str, russian: str
) -> None:
    message = Message("<{x}>", (("x", param),))
    assert (plain_text(message), plain_text(message, RUSSIAN)) == (f"<{english}>", f"<{russian}>")


def test_times_keep_the_digits_that_were_printed() -> None:
    at = Stamp(1_764_306_818_049_000, MILLISECOND, 10_800)
    message = Message("{at}", (("at", Time(at)),))
    assert str(message) == "2025-11-28T05:13:38.049+03:00"
    assert plain_text(message, spaced=True) == "2025-11-28 05:13:38.049+03:00"


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (0, "0 closes", "0 закрытий"),
        (1, "1 close", "1 закрытие"),
        (3, "3 closes", "3 закрытия"),
        (11, "11 closes", "11 закрытий"),
        (21, "21 closes", "21 закрытие"),
        (112, "112 closes", "112 закрытий"),
    ],
)
def test_a_count_takes_the_form_of_its_language(count: int, english: str, russian: str) -> None:
    message = plural("{n} close", "{n} closes", count)
    assert (plain_text(message), plain_text(message, RUSSIAN)) == (english, russian)


def test_a_context_sets_equal_english_words_apart() -> None:
    assert plain_text(plural_in("of", "{n} close", "{n} closes", 5), RUSSIAN) == "5 закрытий"
    assert plain_text(plural_in("of", "{n} close", "{n} closes", 21), RUSSIAN) == "21 закрытия"
    assert plain_text(label("column", "Recorded"), RUSSIAN) == "Записано"
    assert plain_text(label("column of steps", "Recorded"), RUSSIAN) == "Записанные"


def test_messages_hold_messages() -> None:
    first = msg("The exchange confirmed a close at {at}.", at=Text("10:00"))
    assert plain_text(sentences(first, None, first)) == f"{plain_text(first)} {plain_text(first)}"
    assert sentences(None, first) is first


def test_what_is_not_translated_stays_english() -> None:
    assert plain_text(Message("No such sentence."), RUSSIAN) == "No such sentence."


def test_a_text_that_names_no_parameter_of_its_message_is_an_error() -> None:
    with pytest.raises(KeyError):
        plain_text(Message("{x}"))


def test_a_message_comes_back_from_the_cache_as_it_was() -> None:
    message = sentences(
        msg("{close} at {place}", close=plural("{n} close", "{n} closes", 2), place=Place(Address("a"), 1)),
        label("side", "long", at=Time(Stamp(5, 1)), net=Money(Decimal("1.10")), none=Money(None)),
    )
    data = msgspec.msgpack.encode(message)
    assert msgspec.msgpack.decode(data, type=Message) == message


def test_code_is_set_apart_and_strong_words_are_strong() -> None:
    message = msg("**Do** {what} in {n}.", what=Code("ls **"), n=3)
    assert Translator("en").spans(message) == (
        TextSpan("Do", strong=True),
        TextSpan(" "),
        CodeSpan("ls **"),
        TextSpan(" in 3."),
    )


def test_names_of_functions_in_an_authors_words_are_code() -> None:
    spans = Translator("en").spans(msg("{title}", title=Authored((("en", "it calls record_trade()"),))))
    assert spans == (TextSpan("it calls "), CodeSpan("record_trade()"))


def test_without_its_catalogue_a_language_falls_back_to_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tool.catalogues()[0].with_suffix(".mo").read_bytes()
    monkeypatch.setattr("logaudit.locale.languages._FOLDER", tmp_path)
    language.cache_clear()
    try:
        assert language("ru") is ENGLISH
        broken = tmp_path / "ru" / "LC_MESSAGES" / "logaudit.mo"
        broken.parent.mkdir(parents=True)
        for data in (b"", b"no", b"not a catalogue", whole[: len(whole) // 2], whole[:30]):
            broken.write_bytes(data)
            language.cache_clear()
            assert language("ru") is ENGLISH
    finally:
        language.cache_clear()


def test_every_field_that_can_differ_has_its_word() -> None:
    assert {*NUMBERS, *(name for name, kind in KINDS.items() if kind is FieldKind.WORD)} == FIELDS.keys()


@pytest.mark.parametrize("attribute", list(Attribute))
def test_every_condition_of_a_blind_path_can_be_said(attribute: Attribute) -> None:
    tests = (Condition(attribute.value, "the-value"), Condition("reason", "tp"))
    path = BlindPath(
        ".",
        tests,
        condition(tests),
        missing=1,
        recorded=0,
        total_missing=1,
        precision=Decimal(1),
        recall=Decimal(1),
        p_value=Decimal(1),
        net_pnl=Decimal(0),
        trades=(),
        locations=(),
    )
    assert str(path.condition).endswith(" and the reason is tp")
    assert plain_text(path.condition, RUSSIAN).endswith(" и причина — tp")
    assert "the-value" in plain_text(path.condition, RUSSIAN)
    message = la110_blind_code_path.condition(path)
    assert str(message).endswith(" the-value and reason tp")
    assert plain_text(message, RUSSIAN).endswith(" и причина — tp")
    assert "the-value" in plain_text(message, RUSSIAN)
