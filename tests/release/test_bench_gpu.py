"""`bench gpu`: small on any machine, and at true size where there is a CUDA GPU (a quarter of an hour)."""

import pytest
import torch

from storyforge.bench import bench_gpu


def test_it_runs_on_tiny_networks() -> None:
    result = bench_gpu(small=True)
    forwards = {(run.name, run.frames): run.forwards for run in result.runs}
    assert forwards["wan plain", 9] == forwards["wan one window", 9] == 8
    assert forwards["wan windows", 21] > forwards["wan plain", 21]
    assert {name.split()[0] for name, _ in forwards} == {"wan", "vace", "animatediff"}


@pytest.mark.skipif(not torch.cuda.is_available(), reason="it needs a CUDA GPU")
def test_windows_cost_no_more_than_they_may() -> None:
    result = bench_gpu()
    assert result.passed
