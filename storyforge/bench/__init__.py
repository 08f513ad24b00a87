"""Benchmarks that ship: what the README claims is measured by these, on the reader's own machine."""

from storyforge.bench.film import FilmBench, bench_film, film_board, table
from storyforge.bench.toon import ToonBench, bench_toon

__all__ = ["FilmBench", "ToonBench", "bench_film", "bench_toon", "film_board", "table"]
