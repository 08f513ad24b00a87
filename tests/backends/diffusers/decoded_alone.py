"""A process of its own that decodes so many frames of a tiny Wan, keeps none, and says what its memory came to."""

import json
import resource
import sys
from collections import deque

import torch
from vaes import pipe_of, rows_for

from storyforge.backends.diffusers.decoding import decoder

frames, size = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(1)
pipe = pipe_of("WanPipeline")
decode = decoder(pipe)
assert decode is not None
deque(decode(pipe, rows_for(pipe, (frames - 1) // 4 + 1, size // 8)), maxlen=0)
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))  # noqa: T201
