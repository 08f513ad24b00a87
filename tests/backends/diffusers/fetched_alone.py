"""A process of its own that loads checkpoints of a hub by name, since the hub's address is read once a process.

The last of them is asked for again, as `unreachable`, after the hub has gone.
"""

import json
import os
import sys

from hub import hub

NAMES = ["someone/gated", "nobody/none", "someone/plain@v9", "someone/plain"]
said = {}


def ask(name: str, known_as: str) -> None:
    checkpoint, _, revision = name.partition("@")
    try:
        loading.load(wan(checkpoint, revision=revision or None), download=True)  # type: ignore[arg-type]
    except StoryforgeError as error:
        said[known_as] = str(error)


with hub() as address:
    os.environ.update(HF_ENDPOINT=address, HF_HOME=sys.argv[1], HF_HUB_OFFLINE="0")
    from test_memory import wan

    from storyforge.backends.diffusers import loading
    from storyforge.errors import StoryforgeError

    for each in NAMES:
        ask(each, each)
ask(NAMES[-1], "unreachable")
print(json.dumps(said))  # noqa: T201
