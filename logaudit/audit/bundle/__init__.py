"""Evidence bundles: what a report follows from, in one file that anybody can check.

A bundle holds the extracts of all sources, the profiles and settings that they were judged with, the report, the cited
lines in their surroundings, and the hashes of all files. `verify` derives the report anew from the extracts; given
the logs, it derives the extracts anew as well.
"""
