"""The benchmarks' corpus is what it says, and their tables compute what they say; nothing is timed here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import bots
import contenders as who
import corpus
import measure
import parts
import pytest
import run as bench
import stock
from comparisons import Arena
from contenders import HERE, ROOT, Contender
from figures import exponent, ratio, spread
from hypothesis import given
from hypothesis import strategies as st
from measure import FailedError, peak, timed
from program import run
from record import Comparison, Results, Series, load, save
from tables import BEGIN, END, insert, page
from targets import verdicts
from trades import plan

SMALL = 60_000
COUNT = 8
_HEAD = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \| [A-Z]+ *\| [\w.]+:\w+:\d+ - ")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[corpus.Written]]:
    folder = tmp_path_factory.mktemp("corpus")
    return folder, corpus.write(folder, COUNT, SMALL, jobs=1)


def texts(folder: Path) -> list[bytes]:
    found = []
    for file in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(file) as archive:
            (member,) = archive.namelist()
            assert f"{member}.zip" == file.name
            found.append(archive.read(member))
    return found


def test_a_part_is_the_same_in_another_process() -> None:
    code = "import hashlib, parts; print(hashlib.sha256(parts.part(3, 60_000).text).hexdigest())"
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            encoding="ascii",
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(seen) == 1


def test_a_larger_corpus_begins_like_a_smaller_one(
    tmp_path: Path, small: tuple[Path, list[corpus.Written]]
) -> None:
    corpus.write(tmp_path, 3, SMALL, jobs=1)
    for file in tmp_path.glob("*.zip"):
        assert file.read_bytes() == (small[0] / file.name).read_bytes()
    (ledger,) = tmp_path.glob("trades_*.csv")
    assert (small[0] / ledger.name).read_bytes().startswith(ledger.read_bytes())


def test_parts_hold_the_whole_lines_that_are_counted(small: tuple[Path, list[corpus.Written]]) -> None:
    folder, written = small
    found = texts(folder)
    assert [done.size for done in written] == [len(text) for text in found]
    for text, done in zip(found, written, strict=True):
        lines = text.split(b"\r\n")
        assert lines.pop() == b""
        assert not any(b"\n" in line for line in lines)
        assert (len(lines), sum(_HEAD.match(line) is not None for line in lines)) == (
            done.lines,
            done.records,
        )
        assert SMALL - 6000 < len(text) <= SMALL


def test_times_never_run_backwards(small: tuple[Path, list[corpus.Written]]) -> None:
    stamps = [found[0][:19] for text in texts(small[0]) for found in _HEAD.finditer(text)]
    assert stamps == sorted(stamps)
    assert len(set(stamps)) > COUNT


def test_logaudit_finds_the_truth_of_the_plan(small: tuple[Path, list[corpus.Written]]) -> None:
    folder, written = small
    truth = corpus.truth(COUNT)
    assert 0 < truth.missing < truth.closes
    assert sum(text.count("ПОЗИЦИЯ ЗАКРЫТА".encode()) for text in texts(folder)) == truth.closes
    found = json.loads(run(folder, "scan", ".", "--output-format", "json").stdout)
    summary = found["summary"]
    assert (summary["closes"], summary["recorded"], summary["missing"]) == (
        truth.closes,
        truth.recorded,
        truth.missing,
    )
    assert summary["ledger_rows"] == truth.recorded
    assert summary["records"] == sum(done.records for done in written)
    told = [finding["rule"] for finding in found["findings"] if finding["severity"] != "note"]
    assert told.count("LA101") == truth.missing
    assert set(told) <= {"LA101", "LA102", "LA110"}


def test_each_bot_has_archives_and_trades_of_its_own(tmp_path: Path) -> None:
    for bot in range(2):
        bots.write_bot(tmp_path, bot, archives=2, size=60_000)
    found = json.loads(run(tmp_path, "scan", "--no-cache", "--format", "json").stdout)
    numbers = [bot * parts.RUN + archive for bot in range(2) for archive in range(2)]
    planned = [trade for number in numbers for trade in plan(number)]
    assert [one["session"] for one in found["profiles"]] == ["bot-000", "bot-001"]
    assert found["summary"]["duplicates"] == 0
    assert found["summary"]["closes"] == len(planned)
    assert found["summary"]["missing"] == sum(not trade.kept for trade in planned)


def test_a_new_run_has_its_own_ledger_and_counts_anew(tmp_path: Path) -> None:
    corpus.write_tables(tmp_path, range(parts.RUN + 1))
    first, second = sorted(tmp_path.glob("trades_*.csv"))
    kept = [trade.kept for number in range(parts.RUN) for trade in plan(number)]
    assert len(first.read_text(encoding="utf-8").splitlines()) == 1 + sum(kept)
    assert len(second.read_text(encoding="utf-8").splitlines()) == 1 + sum(t.kept for t in plan(parts.RUN))
    last = max(number for number in range(parts.RUN) if any(t.kept for t in plan(number)))
    totals = [found.split("|")[0] for found in parts.part(last, SMALL).text.decode().split("Total: ")[1:]]
    assert int(totals[-1]) == sum(kept)


def test_a_variant_says_other_things_about_the_same_trades() -> None:
    number = next(n for n in range(COUNT) if plan(n))
    plain, other = parts.part(number, SMALL), parts.part(number, SMALL, "changed")
    assert plain.name == other.name
    assert plain.text != other.text
    closes = [
        [line for line in made.text.splitlines() if "ЗАКРЫТА".encode() in line] for made in (plain, other)
    ]
    assert closes[0] == closes[1] != []


def test_a_smaller_corpus_is_made_of_a_larger_ones_archives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "write", partial(corpus.write, size=SMALL, jobs=1))
    large = stock.zipped(tmp_path, 20)
    monkeypatch.setattr(corpus, "write", None)
    again, little = stock.zipped(tmp_path, 20), stock.zipped(tmp_path, 10)
    assert again == large
    assert (large.archives, little.archives) == (4, 2)
    files = sorted(little.folder.glob("*.zip"))
    assert [f.read_bytes() for f in files] == [(large.folder / f.name).read_bytes() for f in files]
    assert little.text == sum(map(len, texts(little.folder)))
    (ledger,) = little.folder.glob("trades_*.csv")
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 1 + corpus.truth(2).recorded


def test_a_damaged_corpus_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "write", partial(corpus.write, size=SMALL, jobs=1))
    made = stock.zipped(tmp_path, 10)
    file = min(made.folder.glob("*.zip"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert stock.zipped(tmp_path, 10) == made
    assert file.read_bytes() == whole
    made.folder.with_name(f"{made.folder.name}.json").write_text("{}", encoding="ascii")
    assert stock.zipped(tmp_path, 10) == made


def test_a_changed_archive_leaves_the_one_it_was_linked_from(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    done = corpus.write_zip(source, 0, SMALL)
    before = (source / done.file).read_bytes()
    stock.link(source, target, [done.file])
    assert (target / done.file).read_bytes() == before
    stock.change(target, 0, "turn 1")
    assert (source / done.file).read_bytes() == before
    assert (target / done.file).read_bytes() != before
    assert [f.name for f in target.iterdir()] == [done.file]


def test_no_corpus_is_begun_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 5_500_000_000}))
    with pytest.raises(stock.NoRoomError, match=r"5\.0 GB .* 5\.5 GB"):
        stock.plain(tmp_path, 5000)
    assert not list(tmp_path.iterdir())


def test_the_middle_of_measurements_is_their_median() -> None:
    found = spread([4.0, 1.0, 9.0, 2.0, 3.0])
    assert found is not None
    assert (found.median, found.low, found.high, found.count) == (3.0, 1.0, 9.0, 5)
    assert spread([]) is None
    assert ratio(found, spread([5.0, 7.0])) == 0.5
    assert ratio(found, None) is None


@given(st.floats(0.01, 100), st.floats(-2, 3), st.sets(st.integers(1, 10_000), min_size=2, max_size=6))
def test_the_exponent_of_a_power_is_found(factor: float, power: float, sizes: set[int]) -> None:
    found = exponent([(float(x), factor * x**power) for x in sizes])
    assert found == pytest.approx(power, abs=1e-6)


def test_one_size_has_no_exponent() -> None:
    assert exponent([(10.0, 1.0), (10.0, 2.0)]) is None


def results() -> Results:
    grown = {f"grown-{x}": Series(f"{x}", x * 10**8, [x * 0.5], peak=10**8) for x in (1, 2, 4)}
    scans = {
        "search": Series("`rg`", 10**9, [8.0, 12.0, 10.0], [9.0, 9.5, 9.1], 7_000_000),
        "lnav": Series("`lnav`", 10**9, absent="not installed: lnav"),
        "lnav-whole": Series("all of `lnav`", 10**9, [50.0], printed=750, lines=1000),
        "cold": Series("cold", 10**9, [4.0, 2.5, 2.0], [5.0, 4.4, 4.2], 601_000_000, ours=True),
        "warm": Series("warm", 10**9, [0.1], ours=True),
    }
    return Results(
        machine="a machine",
        software="some tools",
        comparisons={
            "corpus": Comparison("1,000 MB", "0.1 (abc)", "2026-01-02", "python run.py", scans),
            "growth": Comparison("growing", "0.1 (abc)", "2026-01-02", "python run.py", grown),
        },
    )


def test_a_table_shows_medians_ends_ratios_and_who_was_not_there() -> None:
    lines = page(results()).splitlines()
    assert "| cold | 2.50 | 2.00 – 4.00 | 3 | 4.40 | 400 | 601 | 0.250 |" in lines
    assert "| `rg` | 10.00 | 8.00 – 12.00 | 3 | 9.10 | 100 | 7 | 1.000 |" in lines
    assert "| `lnav` | not installed: lnav | | | | | | |" in lines
    assert (
        "| all of `lnav` (prints 75 % of the lines) | 50.00 | 50.00 – 50.00 | 1 | – | 20 | – | 5.000 |"
        in lines
    )
    assert "Measured 2026-01-02 by `python run.py`, logaudit 0.1 (abc)." in "\n".join(lines)
    assert any(line.startswith("Time grows with size to the power of 1.000") for line in lines)
    assert "4 times the text takes 1.00 times the memory (100 MB, 100 MB)." in lines


def test_tables_have_as_many_cells_in_every_row() -> None:
    blocks = [block for block in page(results()).split("\n\n") if block.startswith("|")]
    assert len(blocks) == 3
    for block in blocks:
        assert len({len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


def test_targets_are_met_missed_or_not_measured() -> None:
    found = {verdict.what: verdict for verdict in verdicts(results())}
    cold = next(v for what, v in found.items() if "rg -c`, generated" in what)
    assert (cold.got, cold.met) == ("0.250", True)
    warm = found["warm scan ÷ cold scan"]
    assert (warm.asked, warm.got, warm.met) == ("≤ 0.05", "0.040", True)
    held = next(v for what, v in found.items() if "memory" in what)
    assert (held.got, held.met) == ("601 MB", False)
    whole, part = (verdict for what, verdict in found.items() if "lnav" in what)
    assert (whole.got, whole.met, part.met) == ("0.050", True, None)
    assert "| **no** |" in page(results())


def test_the_page_replaces_only_what_stands_between_the_markers() -> None:
    document = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = insert(document, "new\n")
    assert once == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert insert(once, "new\n") == once
    with pytest.raises(ValueError, match="lacks"):
        insert("nothing", "new\n")


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    assert load(file) == Results()
    save(file, results())
    assert load(file) == results()
    assert [f.name for f in tmp_path.iterdir()] == [file.name]


def test_the_documents_tables_are_those_of_the_noted_results() -> None:
    file = ROOT / "docs" / "performance.md"
    document = file.read_text(encoding="utf-8")
    assert insert(document, page(load(file.with_suffix(".json")))) == document


def test_a_command_that_fails_is_not_measured() -> None:
    with pytest.raises(FailedError, match="ended with 3: too bad"):
        timed(
            [sys.executable, "-c", "import sys; sys.stderr.write('too bad'); sys.exit(3)"], os.environ, ROOT
        )


def test_the_lines_that_a_command_prints_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chatty = (sys.executable, "-S", "-c", "print('one'); print('two'); print('cut', end='')")
    there = [Contender("a", "a", chatty, lines=4), Contender("b", "b", chatty)]
    monkeypatch.setattr(bench, "ARENAS", {"start": lambda _: Arena("quick", there, [])})
    given = bench.arguments(
        ["--folder", str(tmp_path), "--output", str(tmp_path / "out.md"), "--repeat", "1"]
    )
    assert bench.Bench(given).run(["start"])
    noted = load(tmp_path / "out.json").comparisons["start"].series
    assert (noted["a"].printed, noted["a"].lines, noted["b"].printed) == (2, 4, None)


def test_the_viewer_is_given_the_unpacked_text_of_every_archive(
    tmp_path: Path, small: tuple[Path, list[corpus.Written]]
) -> None:
    archives = sorted(small[0].glob("*.zip"))
    viewer = who.lnav_whole(archives, 1, 1, tmp_path)
    viewer.before()
    files = [Path(word) for word in viewer.command if word.endswith(".log")]
    assert [file.read_bytes() for file in files] == texts(small[0])


#: Holds 40 MB and says so, until somebody has looked.
HOLD = """
import pathlib, time
block = bytearray(b"x") * 40_000_000
pathlib.Path({folder!r}, {name!r}).touch()
while not pathlib.Path({folder!r}, "looked").exists():
    time.sleep(0.01)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of a process tree")
def test_memory_is_that_of_all_processes_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes last until there was one look at both of them, however busy the machine is."""
    processes = measure._session

    def noted(leader: int) -> Iterator[str]:
        both = all((tmp_path / name).exists() for name in "ab")
        yield from processes(leader)
        if both:
            (tmp_path / "looked").touch()

    monkeypatch.setattr(measure, "_session", noted)
    first, second = (HOLD.format(folder=str(tmp_path), name=name) for name in "ab")
    started = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {second!r}])\n{first}"
    most = peak([sys.executable, "-c", started], os.environ, ROOT)
    assert most is not None
    assert 80_000_000 < most < 140_000_000


def test_what_was_measured_before_is_not_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []

    def contender(key: str, code: str = "pass") -> Contender:
        return Contender(key, key, (sys.executable, "-S", "-c", code), before=partial(runs.append, key))

    there = [contender("a"), contender("b"), Contender("gone", "gone", ("gone",), needs=("no-such-program",))]
    monkeypatch.setattr(bench, "ARENAS", {"start": lambda _: Arena("quick", there, [])})
    monkeypatch.setattr(bench, "peak", lambda *_: 1)
    words = ["--only", "start", "--folder", str(tmp_path), "--output", str(tmp_path / "out.md")]

    def measure(*more: str) -> list[str]:
        runs.clear()
        bench.Bench(bench.arguments([*words, *more])).run(["start"])
        return list(runs)

    def rounds(*turns: int) -> list[str]:
        return [c.key for turn in turns for c in bench._shuffled(there, turn) if c.key != "gone"]

    # A last run of each is for its memory.
    assert measure("--repeat", "2") == [*rounds(0, 1), "a", "b"]
    assert measure("--repeat", "2") == []
    assert measure("--repeat", "3") == rounds(2)
    assert measure("--repeat", "1", "--again", "start") == [*rounds(0), "a", "b"]
    noted = load(tmp_path / "out.json").comparisons["start"].series
    assert noted["gone"].absent == "not installed: no-such-program"
    assert (len(noted["a"].wall), len(noted["b"].wall)) == (1, 1)


def test_each_round_has_every_contender_in_an_order_of_its_own() -> None:
    there = [Contender(name, name, ()) for name in "abcdefgh"]
    rounds = ["".join(c.key for c in bench._shuffled(there, turn)) for turn in range(5)]
    assert all(sorted(order) == list("abcdefgh") for order in rounds)
    assert len(set(rounds)) == len(rounds)
    assert len({order[0] for order in rounds}) > 1


def test_a_contender_that_fails_is_named_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = [
        Contender("bad", "bad", (sys.executable, "-S", "-c", "raise SystemExit('no')")),
        Contender("good", "good", (sys.executable, "-S", "-c", "pass")),
    ]
    monkeypatch.setattr(bench, "ARENAS", {"start": lambda _: Arena("quick", there, [])})
    output = tmp_path / "out.md"
    given = bench.arguments(["--folder", str(tmp_path), "--output", str(output), "--repeat", "2"])
    measured = bench.Bench(given)
    assert not measured.run(["start"])
    measured.write()
    assert "ended with 1: no" in capsys.readouterr().err
    text = output.read_text(encoding="utf-8")
    assert "| bad | failed |" in text
    assert re.search(r"\| good \| \d\.\d\d \|", text)


def test_a_comparison_that_runs_only_when_named_is_noted_with_the_words_that_run_it() -> None:
    usual = bench.arguments([])
    assert bench._command(usual, "corpus") == "python tests/benchmarks/run.py"
    assert bench._command(usual, "plain") == "python tests/benchmarks/run.py --only plain"
