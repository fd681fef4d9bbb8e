"""A file of which merging needs the bytes once more: from its shard, else from where it lay."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from msgspec import Struct

from logaudit.core.errors import UserError
from logaudit.sources.file_hash import file_sha256
from logaudit.sources.source import FileState


class HeldFile(Struct, frozen=True):
    """As `logaudit.sources.lazy_path.FileSupplier` has it.

    Attributes:
        proof: SHA-256 of its bytes.
        shard: the shard's path; batch: the batch that holds the file's bytes, -1 where none does.
        folder: where they are put; origin: where the file lay when it was read.
    """

    label: str
    state: FileState
    proof: bytes
    shard: str
    batch: int
    folder: str
    origin: str

    def place(self) -> str:
        """Where the bytes that were read lie now.

        Raises:
            UserError: they are not at hand.
        """
        if self.batch < 0:
            if self.proof and file_sha256(Path(self.origin)) == self.proof:
                return self.origin
            raise UserError(
                f"{self.label} must be read again, and neither {Path(self.shard).name} nor this machine has its bytes.",
                "Run scan where the files lie, or give extract the session's --profile.",
            )
        target = Path(
            self.folder, hashlib.sha256(self.label.encode()).hexdigest()[:24] + Path(self.label).suffix
        )
        if not target.exists():
            from logaudit.audit.shards.container import ShardFile  # noqa: PLC0415 - few files are read again

            unfinished = target.with_name(f"{target.name}.{os.getpid()}")
            unfinished.write_bytes(ShardFile(Path(self.shard)).text(self.batch))
            unfinished.replace(target)
        return str(target)

    def sibling(self, _name: str) -> None:
        """None: a database's write-ahead log was read with it."""
        return
