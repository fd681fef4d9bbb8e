"""Renderers, one module a format: a report goes in, text comes out, nothing is printed or read."""
