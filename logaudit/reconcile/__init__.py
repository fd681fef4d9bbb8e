"""Extracts → reconciled sessions: events, runs, positions, clocks, matches, and the state of each trade.

Invariants, tested as properties:

- A row belongs to one close at most, a close has one row at most.
- The order of the sources, of their records and of the rows of a table changes nothing.
- Where at least three numbers are printed, shifting all times of one side by a constant, renaming symbols, negating
  sizes, or changing the number format or the date order of a whole table changes no state; with fewer, at most to
  ``unverifiable``.
- An echo of a close changes no count and no sum.
- A close is missing only where no row that is left, and no room in which rows may lie unread, can be its row.
"""
