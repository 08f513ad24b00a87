"""The command line: thin verbs over production, each with an example in its help (DESIGN 10)."""

from storyforge.cli.app import app, main

__all__ = ["app", "main"]
