"""Folders are grouped into deployments: complete folders alone, scattered ones by the nearest common top."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.sources import group_sessions

LOG = frozenset({"log"})
LEDGER = frozenset({"ledger"})
BOTH = LOG | LEDGER
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("folders", "sessions"),
    [
        pytest.param({"": BOTH}, {"": ""}, id="one folder"),
        pytest.param({".": BOTH, "x": LOG}, {".": ".", "x": "."}, id="the root keeps its spelling"),
        pytest.param({"a": BOTH, "b": BOTH}, {"a": "a", "b": "b"}, id="two deployments"),
        pytest.param(
            {"a": BOTH, "a/old": BOTH}, {"a": "a", "a/old": "a/old"}, id="complete beneath complete"
        ),
        pytest.param({"a": BOTH, "a/x/y": LOG}, {"a": "a", "a/x/y": "a"}, id="attached from below"),
        pytest.param(
            {"a": BOTH, "a/b": BOTH, "a/b/c": LOG},
            {"a": "a", "a/b": "a/b", "a/b/c": "a/b"},
            id="attached to the nearest",
        ),
        pytest.param(
            {"logs": LEDGER, "logs/live": LOG}, {"logs": "logs", "logs/live": "logs"}, id="ledger on top"
        ),
        pytest.param({"a/ledger": LEDGER, "a/app": LOG}, {"a/ledger": "a", "a/app": "a"}, id="siblings"),
        pytest.param(
            {"a/ledger": LEDGER, "a/app": LOG, "b/ledger": LEDGER, "b/app": LOG},
            {"a/ledger": "a", "a/app": "a", "b/ledger": "b", "b/app": "b"},
            id="the smallest subtree wins",
        ),
        pytest.param(
            {"a": BOTH, "b": LOG, "c": LEDGER},
            {"a": "a", "b": "b", "c": "c"},
            id="no merge across a deployment",
        ),
        pytest.param(
            {"a/l": LEDGER, "a/app": LOG, "b": LOG, "c": LEDGER},
            {"a/l": "a", "a/app": "a", "b": "b", "c": "c"},
            id="no merge across a merged deployment",
        ),
        pytest.param(
            {"": LEDGER, "a": BOTH, "b": LOG},
            {"": "", "a": "a", "b": ""},
            id="a top with evidence of its own merges all the same",
        ),
        pytest.param({"a": BOTH, "b": LEDGER}, {"a": "a", "b": "b"}, id="a lone ledger stays alone"),
        pytest.param({"a": LOG, "b": LOG}, {"a": "a", "b": "b"}, id="one kind under an empty top"),
        pytest.param(
            {"a": LOG, "a/b": LOG, "a/b/c": LOG},
            {"a": "a", "a/b": "a", "a/b/c": "a"},
            id="one kind under a top of that kind",
        ),
        pytest.param(
            {"": NONE, "a": BOTH, "a/x": NONE, "b/y": NONE, "b/y/z": LOG},
            {"": "a", "a": "a", "a/x": "a", "b/y": "b/y/z", "b/y/z": "b/y/z"},
            id="folders without evidence follow",
        ),
        pytest.param(
            {"a/l": LEDGER, "a/app": LOG, "a/debug": NONE, "other": NONE},
            {"a/l": "a", "a/app": "a", "a/debug": "a", "other": ""},
            id="beneath a merged top, and beside everything",
        ),
        pytest.param({}, {}, id="nothing"),
    ],
)
def test_sessions(folders, sessions):
    assert group_sessions(folders) == sessions


_names = st.sampled_from(["a", "b", "c"])
_folders = st.lists(_names, max_size=4).map("/".join)
_kinds = st.sampled_from([LOG, LEDGER, BOTH, NONE])


@given(st.dictionaries(_folders, _kinds, max_size=12))
def test_evidence_goes_to_its_own_folder_or_one_above(folders):
    sessions = group_sessions(folders)
    assert sessions.keys() == folders.keys()
    for folder, held in folders.items():
        if held:
            assert f"{folder}/".startswith(f"{sessions[folder]}/") or not sessions[folder]
        if held == BOTH:
            assert sessions[folder] == folder


@given(st.dictionaries(_folders, _kinds, max_size=12))
def test_a_session_has_one_complete_folder_or_is_made_of_incomplete_ones(folders):
    sessions = group_sessions(folders)
    for session in set(sessions.values()):
        members = [held for folder, held in folders.items() if sessions[folder] == session and held]
        complete = members.count(BOTH)
        assert complete <= 1
        if complete:
            assert folders[session] == BOTH


@given(st.dictionaries(_folders, _kinds, max_size=12), st.randoms())
def test_the_order_of_folders_does_not_matter(folders, random):
    shuffled = list(folders.items())
    random.shuffle(shuffled)
    assert group_sessions(dict(shuffled)) == group_sessions(folders)


def test_deep_and_wide_trees_take_no_time():
    """Thousands of folders, each alone incomplete: the cost grows with their number, not its square."""
    folders = {f"d{i}/x/y/{kind}": frozenset({kind}) for i in range(2000) for kind in ("log", "ledger")}
    assert set(group_sessions(folders).values()) == {f"d{i}/x/y" for i in range(2000)}
