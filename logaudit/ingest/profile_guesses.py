"""Guesses the profile that a source will be read with, so that a worker can read it while it is at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logaudit.ingest.cache_protocol import CachedExtract
from logaudit.ingest.chunked_files import is_large
from logaudit.ingest.probe import likely_profile
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.session_roots import folder_of
from logaudit.ingest.tasks import weight_of
from logaudit.sources import Source


def guess_profiles(
    sources: Sequence[Source], asked: Sequence[int], cached: Mapping[int, CachedExtract], context: ReadContext
) -> dict[int, str]:
    """For each source asked the profile that the largest of its folder speaks for; none for what is read in parts.

    Where some sources of the folder are cached, they say it.
    """
    guess = {folder_of(sources[i].address): known.profile for i, known in cached.items() if known.profile}
    largest: dict[str, Source] = {}
    for source in (sources[index] for index in asked):
        known = largest.setdefault(folder_of(source.address), source)
        if weight_of(source) > weight_of(known):
            largest[folder_of(source.address)] = source
    guess = {folder: guess.get(folder) or _guess(source, context) for folder, source in largest.items()}
    folders = {index: folder_of(sources[index].address) for index in asked}
    return {i: "" if is_large(sources[i]) else guess[folders[i]] for i in asked}


def _guess(source: Source, context: ReadContext) -> str:
    if len(context.profiles) == 1:
        return context.profiles[0].name
    return likely_profile(source, context)
