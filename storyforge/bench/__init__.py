"""Benchmarks that ship: what the README claims is measured by these, on the reader's own machine."""

from storyforge.bench.edits import EditsBench, bench_edits, edits_table
from storyforge.bench.film import FilmBench, bench_film, film_board, table
from storyforge.bench.toon import ToonBench, bench_toon

__all__ = [
    "EditsBench",
    "FilmBench",
    "ToonBench",
    "bench_edits",
    "bench_film",
    "bench_toon",
    "edits_table",
    "film_board",
    "table",
]
