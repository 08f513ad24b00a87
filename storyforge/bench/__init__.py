"""Benchmarks that ship: what the README claims is measured by these, on the reader's own machine."""

from storyforge.bench.build import BuildBench, bench_build, build_table
from storyforge.bench.edits import EditsBench, bench_edits, edits_table
from storyforge.bench.film import FilmBench, bench_film, film_board, table
from storyforge.bench.gpu import GpuBench, bench_gpu, gpu_table
from storyforge.bench.toon import ToonBench, bench_toon, toon_table

__all__ = [
    "BuildBench",
    "EditsBench",
    "FilmBench",
    "GpuBench",
    "ToonBench",
    "bench_build",
    "bench_edits",
    "bench_film",
    "bench_gpu",
    "bench_toon",
    "build_table",
    "edits_table",
    "film_board",
    "gpu_table",
    "table",
    "toon_table",
]
