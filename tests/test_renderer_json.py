"""JSON version 2: its keys, its schema, exact money, nulls, and hostile text."""

import copy
import json
import re
from pathlib import Path

import pytest
import report_model
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from logaudit.core.location import Location, Role
from logaudit.core.report import ProfileChoice
from logaudit.core.trades import TradeState
from logaudit.renderers import json_report, json_text, positions

DOCS = Path(__file__).parents[1] / "docs"
SCHEMA = json.loads((DOCS / "json-schema-v2.json").read_text("utf-8"))

#: The contract of the design: these keys come first, in this order.
CONTRACT = {
    "": "schema_version tool profile summary runs ledgers clocks coverage healthy trades diagnosis findings "
    "skipped",
    "tool": "name version",
    "summary": "sources archives records closes recorded missing backfilled unverifiable ledger_rows "
    "orphan_rows states log_net_pnl ledger_net_pnl unrecorded_net_pnl errors warnings notes",
    "runs": "id start end ledger closes recorded missing",
    "ledgers": "path rows status file_date first last clock",
    "trades": "id symbol side opened closed reason emitter state net_pnl log row",
    "diagnosis": "blind_paths failure_points hypotheses",
    "findings": "rule name severity message fingerprint locations data",
    "skipped": "",
}


def strict(schema):
    """The schema with every key that it does not name forbidden, wherever it names any."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if "properties" in closed and closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


def rendered(outcome):
    return json.loads(json_report.render(outcome))


@pytest.mark.parametrize("outcome", [report_model.small(), report_model.clean(), report_model.sessions()])
def test_rendered_json_fits_the_schema_and_has_no_key_that_the_schema_does_not_name(outcome):
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(strict(SCHEMA)).validate(rendered(outcome))


def test_the_schema_refuses_money_as_a_number():
    whole = rendered(report_model.small())
    whole["summary"]["log_net_pnl"] = 10.5
    assert not Draft202012Validator(SCHEMA).is_valid(whole)


@pytest.mark.parametrize("part", CONTRACT)
def test_the_keys_of_the_contract_come_first_and_in_order(part):
    whole = rendered(report_model.small())
    shown = whole if not part else whole[part][0] if isinstance(whole[part], list) else whole[part]
    keys = CONTRACT[part].split()
    assert list(shown)[: len(keys)] == keys


def test_a_location_has_path_member_line_role_and_text():
    place = json_text.location(Location("a.log", "", 0, Role.LEDGER, ""))
    assert place == {"path": "a.log", "member": None, "line": None, "role": "ledger", "text": ""}
    assert json_text.location(None) is None


def test_keys_stand_in_the_order_of_the_schema_everywhere():
    def check(value, schema):
        if "$ref" in schema:
            schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
        if isinstance(value, dict) and "properties" in schema:
            named = [key for key in schema["properties"] if key in value]
            assert [key for key in value if key in named] == named
            for key in named:
                check(value[key], schema["properties"][key])
        elif isinstance(value, list) and "items" in schema:
            for item in value:
                check(item, schema["items"])

    check(rendered(report_model.small()), SCHEMA)


def test_every_key_of_the_schema_is_explained_in_the_docs():
    page = (DOCS / "json.md").read_text("utf-8")
    explained = set(re.findall(r"`([a-z_0-9]+)`", page))

    def keys(schema):
        if isinstance(schema, list):
            return set().union(*map(keys, schema))
        if not isinstance(schema, dict):
            return set()
        own = set(schema.get("properties", ()))
        return own.union(*(keys(value) for value in schema.values()))

    assert keys({**SCHEMA, "$defs": list(SCHEMA["$defs"].values())}) - explained == set()


def test_money_keeps_its_digits_and_no_number_is_a_float():
    whole = json.loads(json_report.render(report_model.small()), parse_float=pytest.fail)
    assert whole["summary"]["unrecorded_net_pnl"] == "14.0000"
    tiny = replace(report_model.small(), summary=report_model.summary(money=report_model.money(lost="1E-7")))
    assert rendered(tiny)["summary"]["log_net_pnl"] == "0.0000001"


def test_what_is_not_known_is_null():
    trade = report_model.trade(
        6, TradeState.SILENT_DROP, opened=None, side=None, net_pnl=None, emitter="", run=""
    )
    small = report_model.small()
    outcome = replace(small, trades=(trade,), runs=(replace(small.runs[0], ledger="", ready=None),))
    whole = rendered(outcome)
    shown = whole["trades"][0]
    assert [shown[k] for k in ("opened", "side", "net_pnl", "emitter", "run", "row")] == [None] * 6
    assert whole["runs"][0]["ledger"] is None
    assert whole["runs"][0]["ready"] is None


def test_states_are_counted_in_the_order_of_their_definition():
    states = {TradeState.SILENT_DROP: 7, TradeState.RECORDED: 5}
    whole = rendered(replace(report_model.small(), summary=report_model.summary(states=states)))
    assert list(whole["summary"]["states"].items()) == [("recorded", 5), ("silent-drop", 7)]


def test_profile_names_are_joined_when_sessions_differ_and_said_once_when_they_do_not():
    choices = (
        ProfileChoice("a", "one", report_model.told("")),
        ProfileChoice("b", "two", report_model.told("")),
        ProfileChoice("c", "one", report_model.told("")),
    )
    assert rendered(replace(report_model.small(), profiles=choices))["profile"] == "one, two"


def test_every_part_of_the_diagnosis_is_there_and_empty_when_nothing_was_lost():
    told = rendered(report_model.clean())["diagnosis"]
    assert set(told) == set(SCHEMA["properties"]["diagnosis"]["required"])
    assert all(part == [] for part in told.values())


def test_a_blind_path_is_told_in_words_and_in_figures():
    (path,) = rendered(report_model.small())["diagnosis"]["blind_paths"]
    assert path["condition"] == "the code path is bot.trading.positions:_close_for_reason"
    assert path["conditions"] == [{"attribute": "path", "value": "bot.trading.positions:_close_for_reason"}]
    assert (path["missing"], path["recorded"], path["precision"], path["recall"]) == (7, 0, "1.0", "1.0")


def test_scanned_roots_are_left_out_because_they_are_paths_of_one_machine():
    outcome = replace(report_model.small(), roots=("/home/somebody/secret",))
    assert "somebody" not in json_report.render(outcome)


@pytest.mark.parametrize(
    "render", [json_report.render, lambda report: positions.render(report, "positions", "json")]
)
def test_hostile_text_is_escaped_and_read_back_unchanged(render):
    text = render(report_model.hostile())
    assert text.replace("\n", "").isprintable()
    assert text.endswith("}\n")
    assert report_model.EVIL in strings(json.loads(text))


def strings(value):
    """All strings in a JSON value."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(item)


@given(
    st.recursive(st.text() | st.integers() | st.none(), lambda s: st.lists(s) | st.dictionaries(st.text(), s))
)
def test_any_value_survives_the_way_through_text_without_unprintable_characters(value):
    text = json_text.dumps(value)
    assert text.replace("\n", "").isprintable()
    assert text.encode("utf-8")
    assert json.loads(text) == value


def test_letters_of_every_alphabet_stay_readable():
    assert "Позиция 仓位" in json_text.dumps(["Позиция 仓位"])


def test_the_same_outcome_gives_the_same_bytes():
    assert json_report.render(report_model.small()) == json_report.render(copy.deepcopy(report_model.small()))


def test_an_object_written_item_by_item_is_the_text_of_the_whole(monkeypatch):
    monkeypatch.setattr(json_text, "_BATCH", 2)
    content = {
        "none": (),
        "few": ({"a": 1, "b": [1, "x\ny"]}, 2),
        "many": tuple({"n": n, "text": "\u202e\U0001f4c9 \ud800" if n == 3 else "Ж"} for n in range(5)),
        "inside": {"list": (1, 2, 3), "empty": {}, "deep": {"lists": ([], [[1], {}], {"k": ()})}},
        "plain": "text\x07",
        "last": None,
    }
    plain = json.loads(json.dumps(content))
    assert json_text.dumps_parts(content, lambda _, value: json.loads(json.dumps(value))) == json_text.dumps(
        plain
    )
