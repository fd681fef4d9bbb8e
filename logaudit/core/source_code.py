"""What a bot's source says about its closes: where each result goes, and whether this source wrote the logs."""

from enum import StrEnum

from msgspec import Struct

from logaudit.core.location import Location
from logaudit.core.message import Message


class PathEnd(StrEnum):
    """Where the result of a close ends.

    ``recorded``: every path reaches the recorder; ``conditional``: some do, on a condition; ``dropped``: none does;
    ``broken``: the recorder is called by a name that it does not have, or with what it cannot take; ``unknown``: the
    source does not tell.
    """

    RECORDED = "recorded"
    CONDITIONAL = "conditional"
    DROPPED = "dropped"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class CloseSite(Struct, frozen=True):
    """A place in the source at which the result of a close goes on, or ends.

    Attributes:
        place: the file and line, with its code as text.
        function: the qualified name of the function that holds the place.
        closer: the qualified name of the function that logs the close; module: its dotted module.
        logged: the logging calls of the closer that tell of the close.
        condition: what the recorder's call depends on, as code; empty where it depends on nothing.
        why: what was found.
        via: the functions through which the result came here, the closer first.
        reasons: texts that the call passes, lower case: a close that names one of them came from here.
    """

    place: Location
    function: str
    closer: str
    module: str
    logged: tuple[Location, ...]
    end: PathEnd
    why: Message
    condition: str = ""
    via: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def blind(self) -> bool:
        """Whether a close that comes by here is never recorded."""
        return self.end in (PathEnd.DROPPED, PathEnd.BROKEN)

    @property
    def name(self) -> str:
        """What makes it the same place in another version: never a line."""
        reasons = "+".join(self.reasons)
        return f"{self.module}:{self.closer} < {self.function}" + (f" ({reasons})" if reasons else "")


class SourceProblem(Struct, frozen=True):
    """A file of the source that could not be read, and why."""

    path: str
    reason: Message
    line: int = 0


class ModuleMatch(Struct, frozen=True):
    """How the logging calls that one module's log lines name compare with the source.

    Attributes:
        module: as the logs print it; path: its file, empty where the source has none.
        matched, emitters: places of logging calls that the logs name, and those that the source has.
        first: the first place that differs, empty when none does.
    """

    module: str
    path: str
    matched: int
    emitters: int
    first: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing differs."""
        return bool(self.path) and self.matched == self.emitters


class SourceMatch(Struct, frozen=True):
    """Whether a source wrote the logs of a session.

    Attributes:
        revision: the commit, empty for a folder.
        lines: whether the logs print lines of code; without them functions alone are compared.
        assumed: whether the logs name no code, so that the user's word for the revision stands alone.
    """

    modules: tuple[ModuleMatch, ...] = ()
    revision: str = ""
    lines: bool = True
    assumed: bool = False

    @property
    def matched(self) -> int:
        """Places that agree."""
        return sum(m.matched for m in self.modules)

    @property
    def emitters(self) -> int:
        """Places compared."""
        return sum(m.emitters for m in self.modules)

    @property
    def complete(self) -> bool:
        """Whether every place agrees."""
        return bool(self.modules) and all(m.complete for m in self.modules)

    def proves(self, path: str) -> bool:
        """Whether claims may be made from the module in this file; one that logged nothing goes with the rest."""
        own = [m for m in self.modules if m.path == path]
        return self.assumed or (all(m.complete for m in own) if own else self.complete)


class SourceAnalysis(Struct, frozen=True):
    """What one version of a source says.

    Attributes:
        name: what the user called it.
        recorders: qualified names of the functions that record trades.
        basis: how the recorder was found: ``named``, ``acknowledgements``, ``name`` or empty for not at all.
        files: how many were read.
        match: how it compares with the logs; None without logs.
    """

    name: str
    files: int
    sites: tuple[CloseSite, ...]
    recorders: tuple[str, ...]
    basis: str
    problems: tuple[SourceProblem, ...] = ()
    match: SourceMatch | None = None

    @property
    def blind(self) -> tuple[CloseSite, ...]:
        """The places at which results are never recorded."""
        return tuple(site for site in self.sites if site.blind)

    def proves(self, site: CloseSite) -> bool:
        """Whether the files that a place depends on are known to be those that ran; always so without logs."""
        paths = {site.place.path, *(place.path for place in site.logged)}
        return self.match is None or all(map(self.match.proves, paths))


class PathChange(Struct, frozen=True):
    """What became of a place between two versions; ``before`` and ``after`` are None where it is not there."""

    name: str
    before: PathEnd | None
    after: PathEnd | None
    place: Location


def same_module(left: str, right: str) -> bool:
    """Whether two dotted names mean one module, one of them perhaps seen from a folder further down."""
    return bool(left and right) and (
        left == right or left.endswith(f".{right}") or right.endswith(f".{left}")
    )
