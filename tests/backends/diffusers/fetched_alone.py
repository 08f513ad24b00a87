"""A process of its own that loads checkpoints of a hub by name, since the hub's address is read once a process."""

import json
import sys

from test_memory import wan

from storyforge.backends.diffusers import loading
from storyforge.errors import StoryforgeError

said = {}
for name in sys.argv[1:]:
    checkpoint, _, revision = name.partition("@")
    try:
        loading.load(wan(checkpoint, revision=revision or None), download=True)  # type: ignore[arg-type]
    except StoryforgeError as error:
        said[name] = str(error)
print(json.dumps(said))  # noqa: T201
