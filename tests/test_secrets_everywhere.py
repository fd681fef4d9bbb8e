"""Planted credentials are in no output, cache entry, bundle or error; nothing of the other gallery is redacted."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from program import run
from secret_gallery import INNOCENT, PLANTED
from world import Deal, World

import logaudit
from logaudit.audit.bundle.container import read_container
from logaudit.cache import files
from logaudit.renderers.registry import formats

#: What stands in a close's own lines, in the recorder's error, in strange lines and in ledger cells, by turns.
_PEM = [
    "-----BEGIN PRIVATE KEY-----",
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
    "Qx8ZJ7aaPv+0Rk9LmTq2Zw==",
    "-----END PRIVATE KEY-----",
]
_LETTERS = "Qx8ZJ7aaPv+0Rk9LmTq2Zw"
_IN_NAME = "Zq999XwLm2Pv9Kt4Rb"
_SHORTEST = 8


def written(folder: Path, texts: list[str], *, name: str = "") -> World:
    """A night whose log prints the texts in every place from which something is quoted."""
    world = World(folder, end="14:00:00")
    kept = Deal("11:00:00", "BTC-USDT")
    world.kept(kept)
    for number, text in enumerate(texts):
        at = f"{11 + number // 3000}:{10 + number // 60 % 50}:{number % 60:02}"
        world.say(at, f"Failed to export trade to CSV: {text}", level="ERROR")
        world.say(at, f"Позиция закрыта: {text}", by="bot.net:close:1")
        world.say(at, text, by="bot.net:send:1")
    world.lost(Deal("13:50:00", "ETH-USDT"))
    world.rows += [
        f'2026-01-10T11:00:00,ETH-USDT,long,"{text.replace(chr(34), chr(34) * 2)}",x' for text in texts
    ]
    world.save()
    strange = [line for text in texts for line in (text, f"!! {text}")]
    (folder / f"strange{name}.log").write_text("\n".join(strange + _PEM) + "\n", encoding="utf-8")
    (folder / "notes.csv").write_text("time;note\n" + "\n".join(texts) + "\n", encoding="utf-8")
    return world


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted") / "logs"
    written(folder, [form.text for form in PLANTED], name=f"_api_key={_IN_NAME}")
    return folder


def leaks(data: bytes) -> list[str]:
    """The credentials that stand in some bytes, in UTF-8 or as JSON and URLs write it."""
    secrets = [form.secret for form in PLANTED] + [_LETTERS, _IN_NAME]
    return [s for s in secrets if s.encode() in data or s.encode("unicode_escape") in data]


@pytest.mark.parametrize("name", formats())
def test_no_format_shows_a_credential(planted: Path, name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = (
        "scan",
        str(planted),
        "-q",
        "-v",
        "--no-cache",
        "--profile",
        "okx-scalper",
        "--output",
        f"{name}={out}",
    )
    done = run(tmp_path, *words, GITHUB_STEP_SUMMARY=str(tmp_path / "page.md"))
    data = out.read_bytes()
    page = tmp_path / "page.md"
    shown = done.stdout.encode() + done.stderr.encode() + data + (page.read_bytes() if page.exists() else b"")
    assert leaks(shown) == []
    assert re.search(rb"redacted:[a-z-]+#t", shown) is None
    if name in {"text", "json", "html", "markdown"}:
        assert b"redacted" in data


@pytest.mark.parametrize(
    "words", [("report",), ("report", "--lang", "ru", "--format", "html"), ("positions",), ("learn",)]
)
def test_no_command_shows_a_credential(planted: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(tmp_path, *words, str(planted), *(() if words == ("learn",) else ("-q", "--no-cache")))
    assert done.stdout + done.stderr
    assert leaks(done.stdout.encode() + done.stderr.encode()) == []


def test_no_cache_entry_holds_a_credential_and_answers_stay_the_same(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SETTLED", -(1 << 62))  # files are trusted at once
    logs = tmp_path / "logs"
    shutil.copytree(planted, logs)
    (logs / f"strange_api_key={_IN_NAME}.log").rename(logs / "strange.log")
    cache = {"LOGAUDIT_CACHE_DIR": str(tmp_path / "cache")}
    cold = run(tmp_path, "scan", "logs", "-q", "--output-format", "json", **cache)
    warm = run(tmp_path, "scan", "logs", "-q", "--output-format", "json", **cache)
    assert cold.stdout == warm.stdout
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert kept
    assert leaks(b"".join(path.read_bytes() for path in kept)) == []
    assert run(tmp_path, "scan", str(planted), "-q", **cache).returncode in {0, 1, 3}
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert leaks(b"".join(path.read_bytes() for path in kept)) == []


def test_no_bundle_holds_a_credential(planted: Path, tmp_path: Path) -> None:
    run(tmp_path, "bundle", str(planted), "-o", "b.zip", LOGAUDIT_CACHE_DIR=str(tmp_path / "cache"))
    members = read_container((tmp_path / "b.zip").read_bytes()).members
    assert {name: found for name, content in members.items() if (found := leaks(content))} == {}
    assert run(tmp_path, "verify", "b.zip").returncode == 0
    assert run(tmp_path, "verify", "b.zip", str(planted)).returncode == 0


def test_no_error_shows_a_credential(planted: Path, tmp_path: Path) -> None:
    missing = run(tmp_path, "scan", f"no_api_key={_IN_NAME}.log")
    profile = tmp_path / "mine.toml"
    profile.write_text(f'name = "x"\napi_key = "{_IN_NAME}"\n', encoding="utf-8")
    broken = run(tmp_path, "scan", str(planted), "--profile", str(profile))
    for done in (missing, broken):
        assert done.returncode == 2
        assert leaks(done.stdout.encode() + done.stderr.encode()) == []


def test_nothing_of_the_innocents_is_redacted(tmp_path: Path) -> None:
    written(tmp_path / "logs", list(INNOCENT))
    (tmp_path / "logs" / "strange.log").unlink()
    done = run(tmp_path, "scan", "logs", "-q", "-v", "--no-cache", "--output-format", "json")
    assert "redacted" not in done.stdout
    assert "LA406" not in done.stdout
    assert INNOCENT[0] in done.stdout


def test_equal_values_have_equal_numbers_in_two_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        world = World(tmp_path / "logs" / name, end="13:00:00")
        world.kept(Deal("11:00:00", "BTC-USDT"))
        world.say("11:10:00", f"connect OKX_API_KEY={_IN_NAME}", by="bot.net:open:1")
        world.say("11:10:01", f"connect OKX_PASSPHRASE={name}{_IN_NAME}", by="bot.net:open:1")
        world.save()
    done = run(tmp_path, "scan", "logs", "-q", "--no-cache", "--select", "LA406", "--output-format", "json")
    assert done.stdout.count("OKX_API_KEY=«redacted:api-key#1»") == 2
    assert "#2»" in done.stdout
    assert "#3»" in done.stdout
    assert "#4»" not in done.stdout


def test_no_table_of_the_api_holds_a_credential(planted: Path) -> None:
    audit = logaudit.scan(planted, profile="okx-scalper", jobs=1)
    tables = (audit.findings, audit.trades, audit.positions, audit.entries, audit.events)
    assert len(audit.events) > len(PLANTED) // 2
    assert leaks(repr([list(table) for table in tables]).encode()) == []
