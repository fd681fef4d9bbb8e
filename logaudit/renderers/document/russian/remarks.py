"""Short remarks that other parts of the program make in English: bases of clocks, reasons, evidence for a profile."""

from __future__ import annotations

import re
from typing import Final

#: What is said, and how it is said in Russian; a remark that fits none stays as it is.
_REMARKS: Final = tuple(
    (re.compile(pattern), russian)
    for pattern, russian in (
        (r"no close and row agree in their values", "нет закрытия и строки с одинаковыми значениями"),
        (r"a single match proves no constant", "одна пара не доказывает постоянства"),
        (r"(\d+) offsets explain rows each", r"строки объясняют разные смещения, их \1"),
        (r"only (\d+) of (\d+) rows share one offset", r"одно смещение общее лишь у \1 из \2 строк"),
        (r"(\d+) one-to-one matches share it", r"общее у взаимно однозначных пар: \1"),
        (
            r"(\d+) of (\d+) rows lie within (\d+) s of a logged close",
            r"\1 из \2 строк не дальше \3 с от закрытия в логе",
        ),
        (r"log and rows state their UTC offsets", "лог и строки указывают своё смещение от UTC"),
        (r"log or rows state several UTC offsets", "лог или строки указывают несколько смещений от UTC"),
        (r"the rows state their offset", "строки указывают своё смещение"),
        (r"the file's date at the moment it was opened", "дата в имени файла в момент его открытия"),
        (r"written by the operating system, not by a bot", "создан операционной системой, а не ботом"),
        (r"holds a development tool's files, not a bot's", "файлы средства разработки, а не бота"),
        (r"neither a log nor a table of trades", "не лог и не таблица сделок"),
        (r"empty", "пуст"),
        (r"named by --profile", "указан в --profile"),
    )
)
#: Parts of the evidence for a profile, which lists them.
_PARTS: Final = tuple(
    (re.compile(pattern), russian)
    for pattern, russian in (
        (r"(\d+) of (\d+) markers", r"признаков \1 из \2"),
        (
            r"(\d+) patterns? matched in ([\d,]+) sampled lines?",
            r"шаблонов подошло \1 (строк просмотрено: \2)",
        ),
        (r"(\d+) ledger columns? named by table headers?", r"столбцов журнала в заголовках таблиц: \1"),
        (
            r"nothing in ([\d,]+) sampled lines? and ([\d,]+) table headers? speaks for any profile",
            r"ни один профиль не узнан (строк \1, заголовков \2)",
        ),
    )
)


def remark(text: str) -> str:
    """The remark in Russian, or as it is."""
    for pattern, russian in _REMARKS:
        if match := pattern.fullmatch(text):
            return match.expand(russian)
    return text


def profile_evidence(text: str) -> str:
    """What speaks for a profile, its counts in Russian and what it quotes as it is."""
    said = remark(text)
    if said == text:
        for pattern, russian in _PARTS:
            said = pattern.sub(russian, said, count=1)
    return said
