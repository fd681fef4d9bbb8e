"""Extracts → reconciled sessions: events, runs, positions, clocks, matches, and the state of each trade."""
