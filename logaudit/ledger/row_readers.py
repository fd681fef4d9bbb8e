"""Who reads the rows under a header: one reader for those of its width, others for those of other widths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from logaudit.core.location import Location
from logaudit.core.timestamp import us_of_day
from logaudit.ledger.columns import Header
from logaudit.ledger.convention import Convention, HeaderSamples, infer_convention, infer_from_cells
from logaudit.ledger.day_clock import DayClock
from logaudit.ledger.feed import text_of
from logaudit.ledger.rows import Rejection, RowReader
from logaudit.ledger.widths import aligned, groups_by_width
from logaudit.profiles.profile import LedgerSpec

#: Of a row that is read to see whether it can be.
_NOWHERE: Final = Location("", "")


class RowReaders:
    """The readers under the header that was met last.

    Attributes:
        usual: that of the header's rows; None before the first header.
        by_width: those of rows with more or fewer cells, by their number.
        convention: how the rows under the first header are written.
    """

    def __init__(
        self,
        lines: Sequence[tuple[int, bytes]],
        spec: LedgerSpec,
        sides: Mapping[str, str],
        name_date: date | None,
    ) -> None:
        """``lines`` are all of the table, with their byte offsets."""
        self.usual: RowReader | None = None
        self.by_width: dict[int, RowReader] = {}
        self.convention = Convention()
        self._lines = lines
        self._spec = spec
        self._sides = sides
        self._name_date = name_date
        self._days = None if name_date is None else DayClock(us_of_day(name_date))
        self._samples = HeaderSamples(len(lines))
        self._known: dict[tuple[str, ...], Convention] = {}

    def use(self, header: Header, offset: int | None, begin: int) -> None:
        """Takes the readers of a header.

        Args:
            header: the one that was met.
            offset: of the times below it, seconds east of UTC, where the table states one.
            begin: index of the first line below it.
        """
        most = self._samples.next()
        below = [text_of(raw) for _, raw in self._lines[begin : begin + most]]
        known = self._known.get(header.cells) if begin + most < len(self._lines) else None
        convention = known or infer_convention(header, self._spec, below, self._name_date)
        self._known[header.cells] = convention
        if self.usual is None:
            self.convention = convention
        self.usual = self._reader(header, convention, offset)
        groups = groups_by_width(header, below, self._spec)
        fitting = groups.pop(len(header.cells), [])
        self.by_width = {}
        for width, group in groups.items():
            if self._reads(self.usual, group):
                continue
            found = aligned(header, convention, group, fitting)
            if found is not None:
                # Where no row fits the header, only these show how the table writes numbers and dates.
                own = convention if fitting else infer_from_cells(found, self._spec, group, self._name_date)
                self.by_width[width] = self._reader(found, own, offset)

    def _reader(self, header: Header, convention: Convention, offset: int | None) -> RowReader:
        return RowReader(header, self._sides, offset, self._days, convention, self._spec.zone)

    @staticmethod
    def _reads(reader: RowReader, group: Sequence[list[str]]) -> bool:
        """Whether rows of another width are read as they are: cells without meaning are missing at their end."""
        return not isinstance(reader.read(group[0], 0, _NOWHERE), Rejection)
