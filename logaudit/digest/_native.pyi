# The compiled loops; `logaudit.digest.native` calls them.

from logaudit.digest.columns import Bools, Ints, Numbers, Words

def newlines(text: bytearray, size: int, out: Ints) -> int: ...
def changes(text: bytearray, starts: Ints, size: int, out: Bools) -> None: ...
def meanings(
    text: bytearray,
    starts: Ints,
    lengths: Ints,
    gap: int,
    slots: Numbers,
    texts: Words,
    sizes: Ints,
    meanings: Numbers,
    out: Numbers,
) -> None: ...
