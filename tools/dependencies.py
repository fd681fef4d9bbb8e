"""Measures what each dependency costs, and writes docs/dependencies.md and the size of an install in README.md.

``python tools/dependencies.py`` takes a minute. Sizes are those of the files that pip installed here, without compiled
Python. Times are processor time: the least of several starts of an interpreter that imports the package, less one that
imports nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "dependencies.md"
README: Final = ROOT / "README.md"
#: Dependency → the module that is imported, and why it is there.
WHY: Final = {
    "typer": ("typer", "the command line"),
    "rich": ("rich", "tables, colours and progress in a terminal"),
    "polars": ("polars", "data frames of trades, positions and rows; loaded only where they are asked for"),
    "pyarrow": ("pyarrow", "ledgers in Parquet, Arrow tables and shards"),
    "python-dateutil": ("dateutil", "times in ledgers that name the month"),
    "isal": ("isal.igzip_lib", "gzip and zip, several times faster than the standard library"),
    "msgspec": ("msgspec", "frozen structures, JSON, and the cache's encoding"),
    "jinja2": ("jinja2", "the template of the HTML report"),
    "numpy": ("numpy", "the reader's loops over lines where no compiled module is at hand, and statistics"),
    "ahocorasick-rs": ("ahocorasick_rs", "finds the literals of all patterns of a profile in one pass"),
    "tzdata": ("tzdata", "time zones on systems that have none, such as Windows and slim containers"),
    "platformdirs": ("platformdirs", "where a cache lies on each system"),
}
#: Extra → what needs it.
EXTRAS: Final = {
    "excel": "reading ledgers in XLSX",
    "notify": "messages from `logaudit watch` to phones and chats",
    "remote": "logs in S3, Google Cloud, Azure and at https addresses",
    "sftp": "logs on a machine that is reached by SSH",
    "dask": "reading on a Dask cluster",
    "loky": "reading in processes that loky keeps",
    "docs": "building the site of these pages",
    "dev": "all checks of `.ci/run`",
}
_STARTS: Final = 5
_MIB: Final = 1 << 20


def project() -> Any:  # noqa: ANN401 - what TOML holds
    """The table [project]."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names(requirements: Iterable[str]) -> list[str]:
    """The packages that requirements name."""
    return [canonicalize_name(Requirement(text).name) for text in requirements]


def size(name: str) -> int:
    """Bytes of a package's files, 0 where it is not installed."""
    found = _installed(name)
    files = () if found is None else found.files or ()
    places = {Path(str(file.locate())) for file in files if "__pycache__" not in file.parts}
    return sum(place.stat().st_size for place in places if place.is_file())


def closure(wanted: Iterable[str]) -> set[str]:
    """Packages with all that they require here."""
    found: set[str] = set()
    rest = list(wanted)
    while rest:
        name = rest.pop()
        if name not in found and (made := _installed(name)) is not None:
            found.add(name)
            rest += _required(made)
    return found


def own(name: str, base: Iterable[str]) -> int:
    """Bytes of a package and of what none but it brings."""
    others = closure(other for other in base if other != name)
    return sum(map(size, closure([name]) - others))


def import_seconds(module: str) -> float:
    """How long an import takes: the least of several."""
    return max(0.0, _least(f"import {module}") - _least("pass"))


def page() -> str:
    """docs/dependencies.md."""
    stated = project()
    base = names(stated["dependencies"])
    total = sum(map(size, closure(base)))
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    lines = [
        "# Dependencies",
        "",
        f"An install takes {_mib(total)} MB, as `python tools/dependencies.py` measured on Linux with Python {python}.",
        "No compiler is needed: without one, numpy does the work of the compiled loops. A command imports only what it",
        "uses: numpy where logs are read, jinja2 for a report in HTML, polars and pyarrow for data frames and Parquet.",
        "",
        "| package | MB | import, ms | what it is there for |",
        "| --- | ---: | ---: | --- |",
    ]
    for name in sorted(base, key=lambda n: own(n, base), reverse=True):
        module, why = WHY[name]
        lines.append(f"| {name} | {_mib(own(name, base))} | {import_seconds(module) * 1000:.0f} | {why} |")
    others = sorted(closure(base) - set(base))
    lines += [
        "",
        f"A size holds what none but this package brings; they bring {', '.join(others)}.",
        "",
        "## Extras",
        "",
        'What few need is installed with an extra, such as `pip install "logaudit[excel]"`.',
        "",
        "| extra | packages | more MB | for |",
        "| --- | --- | ---: | --- |",
    ]
    for extra, required in stated["optional-dependencies"].items():
        shown = "those of the checks" if extra == "dev" else ", ".join(names(required))
        missing = any(_installed(name) is None for name in names(required))
        more = sum(map(size, closure(names(required)) - closure(base)))
        lines.append(
            f"| `{extra}` | {shown} | {'not measured' if missing else _mib(more)} | {EXTRAS[extra]} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Writes both."""
    text = page()
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    (total,) = re.findall(r"^An install takes (\d+) MB", text, flags=re.MULTILINE)
    readme = README.read_text(encoding="utf-8")
    README.write_text(
        re.sub(r"(?<=An install takes )\d+(?= MB)", total, readme), encoding="utf-8", newline="\n"
    )
    return 0


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _required(made: Distribution) -> Iterator[str]:
    for text in made.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def _least(code: str) -> float:
    times = []
    for _ in range(_STARTS):
        before = os.times()
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - this interpreter, modules named above
        after = os.times()
        times.append(sum(after[2:4]) - sum(before[2:4]))
    return min(times)


def _mib(count: int) -> str:
    whole = count / _MIB
    return f"{whole:.0f}" if whole >= 1 else "< 1"


if __name__ == "__main__":
    sys.exit(main())
