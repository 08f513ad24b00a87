"""A worker process: reads jobs as lines of JSON, draws them, answers in lines of JSON.

Started as `python -m storyforge.production.worker`, so a user's script needs no main guard and nothing is pickled.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from typing import Any, TextIO

from storyforge.cas import out_of_space
from storyforge.production.draw import DrawJob, draw
from storyforge.production.renderers import reason


def main() -> None:
    """Answers jobs until the parent closes the pipe; dies at once with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a library prints goes to the log, not into the answers
    _say(answers, ready=True)
    for line in sys.stdin:
        _answer(DrawJob.read(json.loads(line)), answers)


def _watch(parent: int) -> None:
    """Ends this process when its parent has gone, even in the middle of a job."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _answer(job: DrawJob, answers: TextIO) -> None:
    try:
        drawn = draw(job, lambda frame: _say(answers, frame=frame))
    except Exception as error:
        if out_of_space(error):
            _say(answers, full=str(error))
            return
        with suppress(OSError):
            traceback.print_exc()  # into the worker's log; the user reads one sentence
        _say(answers, error=reason(error))
    else:
        _say(answers, draw=drawn.draw, encode=drawn.encode, memory=drawn.memory)


def _say(answers: TextIO, **values: Any) -> None:
    try:
        answers.write(json.dumps(values) + "\n")
        answers.flush()
    except BrokenPipeError:  # the parent is gone
        os._exit(1)


if __name__ == "__main__":
    main()
