"""The report's sections, each a function from the view to its blocks."""
