"""LA406: a credential in a log line, a ledger row or a file name is named with its place and kind, never shown."""

from __future__ import annotations

from secret_gallery import INNOCENT
from world import Deal, World, primary

from logaudit.core.finding import Severity
from logaudit.ingest.secret_lines import HEAD, MOST, SecretCounter

KEY = "Zx81kqPv92"


def test_lines_are_counted_by_kind_and_the_first_is_cited(tmp_path):
    world = World(tmp_path)
    world.kept(Deal("11:00:00", "BTC-USDT"))
    world.say("11:10:00", f"connect OKX_API_KEY={KEY}", by="bot.net:open:1")
    world.say("11:20:00", f"again {{'apiKey': '{KEY}'}}", by="bot.net:open:1")
    finding = world.one("LA406")
    assert finding.severity is Severity.WARNING
    assert finding.data == {"kind": "api-key", "where": "lines", "count": 2}
    assert primary(finding).line == world.spot("OKX_API_KEY").line
    assert "OKX_API_KEY=«redacted:api-key#1»" in finding.locations[0].text


def test_a_log_of_innocents_says_nothing(tmp_path):
    world = World(tmp_path)
    world.kept(Deal("11:00:00", "BTC-USDT"))
    for number, text in enumerate(INNOCENT):
        world.say(f"11:{number // 60 + 10}:{number % 60:02}", text, by="bot.net:open:1")
    assert "LA406" not in world.codes()


def test_behind_the_beginning_the_frequent_names_are_found(tmp_path):
    world = World(tmp_path, end="13:00:00")
    world.kept(Deal("11:00:00", "BTC-USDT"))
    for _ in range(HEAD // 1000 + 5):
        world.say("11:10:00", "y" * 1000, by="bot.net:open:1")
    world.say("11:20:00", f"OKX_API_KEY={KEY}", by="bot.net:open:1")
    world.say("11:20:00", f"pwd={KEY}", by="bot.net:open:1")
    assert world.one("LA406").data == {"kind": "api-key", "where": "lines", "count": 1}


def test_the_cells_of_a_column_of_keys_are_hidden(tmp_path):
    world = World(tmp_path)
    world.kept(Deal("11:00:00", "BTC-USDT"))
    world.rows = [f"{row},{KEY}" for row in world.rows]
    world.header = f"{world.header},api_key"
    finding = world.one("LA406")
    assert finding.data == {"kind": "api-key", "where": "rows", "count": 1}
    assert finding.locations[0].text.endswith(",«redacted:api-key#1»")
    assert KEY not in repr(world.scan())


def test_the_name_of_a_file_is_shown_redacted(tmp_path):
    world = World(tmp_path)
    world.kept(Deal("11:00:00", "BTC-USDT"))
    world.log = f"futures_main_api_key={KEY}.log"
    finding = world.one("LA406")
    assert finding.data == {"kind": "api-key", "where": "names", "count": 1}
    assert finding.locations[0].path == "futures_main_api_key=«redacted:api-key#1».log"


def test_so_many_lines_are_looked_at_and_no_more():
    counter = SecretCounter()
    for number in range(MOST + 5):
        counter.line(number + 1, HEAD + number, f"api_key={KEY}".encode())
    assert [(kind, found.count) for kind, found in counter.found.items()] == [("api-key", MOST)]
