"""The real sessions, where they are at hand: everything is found and read."""

import os
from pathlib import Path

import pytest

from logaudit.sources import blocks, decode, discover, lines

pytestmark = pytest.mark.corpus


def test_the_corpus_is_read_whole():
    """Every file is a source, and nothing is a problem."""
    root = os.environ.get("LOGAUDIT_CORPUS")
    if not root:
        pytest.skip("LOGAUDIT_CORPUS is not set")
    files = [path for path in Path(root).rglob("*") if path.is_file()]
    found = discover([root])
    encodings = set()
    for source in found.sources:
        decoded = decode(blocks(source))
        for _ in lines(decoded.blocks):
            pass
        encodings.add(decoded.encoding)
    assert found.problems == ()
    assert len({source.file for source in found.sources}) == len(files)
    assert found.archives == sum(path.suffix == ".zip" for path in files)
    assert encodings == {"utf-8"}
