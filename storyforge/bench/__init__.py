"""Benchmarks that ship: what the README claims is measured by these, on the reader's own machine."""

from storyforge.bench.film import FilmBench, bench_film, film_board, table

__all__ = ["FilmBench", "bench_film", "film_board", "table"]
