"""Bags of words, written as running text."""


def bag(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())
