"""Reads large plain logs many lines at once, with the same result as the reader of single records."""
