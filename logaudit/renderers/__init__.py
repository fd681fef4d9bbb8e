"""Renderers, one module a format: an outcome goes in, text comes out, nothing is printed or read."""
