"""Times sessions with many lost closes, from their files to the report: no step may look at all for each.

    python tests/benchmarks/losses.py                    # 20,000 lost closes in every story
    python tests/benchmarks/losses.py --lost 5000 --story acknowledged

CPU seconds of this process, the report discarded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from program import run  # noqa: E402 - found by the line above

_SYMBOLS: Final = ("BTC-USDT", "ETH-USDT", "SOL-USDT", "XRP-USDT")
_BEGUN: Final = datetime.fromisoformat("2026-01-10")
_HEADER: Final = "timestamp,symbol,side,entry_price,exit_price,size,pnl,reason"
#: What the recorder says of a lost close, and how many closes are recorded for each lost one: before, between, after.
STORIES: Final = {
    "silent": "",
    "acknowledged": "Trade recorded: {symbol} long pnl={pnl:+.4f}",
    "failed": "Failed to record trade {symbol}: [Errno 28] No space left on device",
    "recorded between": "",
    "recorded after": "",
    "no ledger": "",
}


def written(folder: Path, story: str, lost: int) -> None:
    """The bot's log and its ledger."""
    log = [_line(_BEGUN, "trader.main:run:20", "Bot started")]
    if story != "recorded after":
        log.append(_line(_BEGUN, "trader.journal:setup:31", "Trade recorder ready"))
    rows = [_HEADER]
    for number, keeps in enumerate(_fates(story, lost)):
        opened = _BEGUN + timedelta(seconds=30 * number + 5)
        closed = opened + timedelta(seconds=20, milliseconds=number % 900)
        symbol, size = _SYMBOLS[number % len(_SYMBOLS)], 1 + number % 17
        entry = 100 + number % 977 / 10
        price = entry + (number * 7919 % 200 - 100) / 50
        pnl = (price - entry) * size
        log.append(
            _line(
                opened,
                "trader.entries:open_position:92",
                f"Opened long position {symbol} @ {entry:.2f} size={size}",
            )
        )
        words = f"Closed long position {symbol} @ {price:.2f} size={size} pnl={pnl:+.4f} reason=tp"
        log.append(_line(closed, "trader.exits:close_position:88", words))
        said = STORIES["acknowledged"] if keeps else STORIES[story]
        if said:
            log.append(_line(closed, "trader.journal:record:63", said.format(symbol=symbol, pnl=pnl)))
        if keeps:
            rows.append(f"{_time(closed)},{symbol},long,{entry:.2f},{price:.2f},{size},{pnl:.4f},tp")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bot.log").write_text("".join(log), encoding="utf-8")
    if story != "no ledger":
        (folder / "trades.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _fates(story: str, lost: int) -> Iterator[bool]:
    """Of each close whether it is recorded."""
    if story == "recorded between":
        yield from (keeps for _ in range(lost) for keeps in (True, False))
    elif story == "recorded after":
        yield from (number >= lost for number in range(2 * lost))
    else:
        yield from (number % 50 == 0 for number in range(lost + lost // 49))


def _time(at: datetime) -> str:
    return at.isoformat(" ", "milliseconds")


def _line(at: datetime, by: str, words: str) -> str:
    return f"{_time(at)} | INFO     | {by} - {words}\n"


def seconds(story: str, lost: int) -> tuple[float, str]:
    """CPU seconds of one scan, and its summary line."""
    with tempfile.TemporaryDirectory() as made:
        written(Path(made) / "logs", story, lost)
        begun = time.process_time()
        done = run(Path(made), "scan", "logs", "--no-cache", "--quiet")
        return time.process_time() - begun, done.stdout.partition("\n")[0]


def main() -> None:
    """Prints a line for each story."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lost", type=int, default=20_000, help="how many closes are lost")
    parser.add_argument("--story", action="append", choices=list(STORIES), help="all by default")
    given = parser.parse_args()
    for story in given.story or STORIES:
        cost, said = seconds(story, given.lost)
        sys.stdout.write(f"{story:<17} {cost:6.1f} s  {said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
