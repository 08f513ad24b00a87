"""Executors: where shots are drawn. Inline draws in this process; Workers keeps one process per worker.

An executor takes jobs with `submit`, and `reports` yields what has happened since: frames drawn, jobs done, failed.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from storyforge.cas import out_of_space
from storyforge.errors import OutOfSpace, RenderError
from storyforge.production.draw import DrawJob, Drawn, draw
from storyforge.production.renderers import Renderer, reason

RETRIES = 1  # a worker that dies costs its job one more try


@dataclass(frozen=True)
class Drawing:
    """A job has drawn this many frames."""

    job: DrawJob
    frames: int


@dataclass(frozen=True)
class Finished:
    """A job is in the store."""

    job: DrawJob
    drawn: Drawn


@dataclass(frozen=True)
class Failed:
    """A job cannot be done, and took so many seconds; the sentence says why."""

    job: DrawJob
    error: str
    seconds: float


Report = Drawing | Finished | Failed


class Executor(Protocol):
    """Draws jobs somewhere."""

    def submit(self, job: DrawJob, renderer: Renderer | None) -> None:
        """Takes a job; `renderer` is for executors that draw in this process, None where a source is shown."""
        ...

    def reports(self, wait: bool) -> Iterator[Report]:
        """What has happened since the last call; with `wait`, goes on until every job has ended.

        Raises OutOfSpace when the disk is full, which is no job's fault.
        """
        ...

    def close(self) -> None:
        """Stops at once; jobs that have not ended are forgotten."""
        ...


class Inline:
    """Draws each job in this process when its reports are asked for."""

    def __init__(self) -> None:
        self._jobs: deque[tuple[DrawJob, Renderer | None]] = deque()

    def submit(self, job: DrawJob, renderer: Renderer | None) -> None:
        self._jobs.append((job, renderer))

    def reports(self, wait: bool) -> Iterator[Report]:
        while self._jobs:
            job, renderer = self._jobs.popleft()
            yield Drawing(job, 0)
            began = monotonic()
            try:
                yield Finished(job, draw(job, lambda frames: None, renderer.backend if renderer else None))
            except Exception as error:
                if out_of_space(error):
                    raise
                yield Failed(job, reason(error), monotonic() - began)

    def close(self) -> None:
        self._jobs.clear()


@dataclass(eq=False)
class _Worker:
    process: subprocess.Popen[str]
    job: DrawJob | None = None
    since: float = 0.0  # when it was given its job
    ready: bool = False
    dead: bool = False

    def close(self) -> None:
        """Ends the process, and its pipes."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what it had not read yet is lost with it
                    pipe.close()


class Workers:
    """Draws jobs in `count` processes of its own; a worker that dies costs only the job it held.

    log: a file for what the workers' libraries print.
    """

    def __init__(self, count: int, log: Path) -> None:
        self._count, self._log = count, log
        self._waiting: deque[DrawJob] = deque()
        self._tries: dict[str, int] = {}
        self._heard: queue.SimpleQueue[tuple[_Worker, dict[str, Any] | None]] = queue.SimpleQueue()
        self._workers: list[_Worker] = []

    def start(self) -> None:
        """Starts the processes; the first job does it when nobody did before."""
        if not self._workers:
            self._workers = [self._start() for _ in range(self._count)]

    def submit(self, job: DrawJob, renderer: Renderer | None) -> None:
        self.start()
        self._waiting.append(job)
        self._feed()

    def reports(self, wait: bool) -> Iterator[Report]:
        while self._busy() or not self._heard.empty():
            try:
                worker, answer = self._heard.get(block=wait, timeout=0.5 if wait else None)
            except queue.Empty:
                if wait:
                    continue
                return
            report = self._hear(worker, answer)
            self._feed()
            if report is not None:
                yield report

    def close(self) -> None:
        for worker in self._workers:
            worker.close()
        self._waiting.clear()

    def _busy(self) -> bool:
        return bool(self._waiting) or any(worker.job for worker in self._workers)

    def _hear(self, worker: _Worker, answer: dict[str, Any] | None) -> Report | None:
        """One answer of one worker, or the news that it died (None)."""
        job = worker.job
        if answer is None:
            return self._bury(worker)
        if job is None or "ready" in answer:
            worker.ready = True
            return None
        if "frame" in answer:
            return Drawing(job, answer["frame"])
        worker.job = None
        if "full" in answer:
            raise OutOfSpace(answer["full"])
        if "error" in answer:
            return Failed(job, answer["error"], monotonic() - worker.since)
        return Finished(job, Drawn(job.name, answer["draw"], answer["encode"], answer["memory"]))

    def _bury(self, worker: _Worker) -> Report | None:
        """Replaces a worker that died and gives its job one more try; one that never started is not replaced."""
        job, worker.job, worker.dead = worker.job, None, True
        code = worker.process.wait()
        worker.close()
        if job is not None:
            self._waiting.appendleft(job)
        if worker.ready:
            self._workers[self._workers.index(worker)] = self._start()
        elif all(other.dead for other in self._workers):
            raise RenderError(f"the drawing processes do not start ({self._log} says why); try --workers 1")
        if job is None or not worker.ready:
            return None
        self._tries[job.name] = self._tries.get(job.name, 0) + 1
        if self._tries[job.name] <= RETRIES:
            return None
        self._waiting.popleft()
        died = f"the process that drew it died twice (exit {code}); {self._log} may say why, or try --workers 1"
        return Failed(job, died, monotonic() - worker.since)

    def _feed(self) -> None:
        for worker in self._workers:
            if worker.job is None and not worker.dead and self._waiting:
                worker.job, worker.since = self._waiting.popleft(), monotonic()
                self._send(worker, worker.job)

    def _send(self, worker: _Worker, job: DrawJob) -> None:
        pipe = worker.process.stdin
        if pipe is None:
            raise RenderError("a drawing process has no pipe; run again with --workers 1")
        try:
            pipe.write(json.dumps(job.write()) + "\n")
            pipe.flush()
        except BrokenPipeError:
            return  # its listener reports the death, and the job is tried again

    def _start(self) -> _Worker:
        root = str(Path(__file__).parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "storyforge.production.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)},
            )
        worker = _Worker(process)
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()
        return worker

    def _listen(self, worker: _Worker) -> None:
        """Passes on what a worker says, then that it is gone."""
        if worker.process.stdout is not None:
            for line in worker.process.stdout:
                self._heard.put((worker, json.loads(line)))
        self._heard.put((worker, None))
