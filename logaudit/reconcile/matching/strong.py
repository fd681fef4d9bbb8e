"""Strongly connected parts of a small directed graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def strong_parts(arrows: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Node → number of its part; two nodes share one exactly when each can be reached from the other.

    Source: Tarjan (1972), with a stack of its own, because a chain of trades may be longer than Python's.

    Args:
        arrows: every node → the nodes it points at.
    """
    part: dict[int, int] = {}
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    path: list[int] = []
    for root in arrows:
        if root in order:
            continue
        order[root] = lowest[root] = len(order)
        path.append(root)
        work = [(root, iter(arrows[root]))]
        while work:
            node, rest = work[-1]
            for after in rest:
                if after not in order:
                    order[after] = lowest[after] = len(order)
                    path.append(after)
                    work.append((after, iter(arrows[after])))
                    break
                if after not in part:
                    lowest[node] = min(lowest[node], order[after])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == order[node]:
                    _close(node, path, part)
    return part


def _close(node: int, path: list[int], part: dict[int, int]) -> None:
    """Everything on the path from ``node`` on is one part, named after ``node``."""
    while True:
        member = path.pop()
        part[member] = node
        if member == node:
            return
