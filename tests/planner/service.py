"""A local server that speaks the OpenAI protocol, and the answers of a well-behaved model."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

STORY = "A robot found a red flower in the desert. It carried the flower home through the snow."

OUTLINE = {
    "title": "The Robot's Flower",
    "scenes": [
        {"id": "desert", "summary": "A robot finds a flower.", "first": 1, "last": 1},
        {"id": "snow", "summary": "It carries the flower home.", "first": 2, "last": 2},
    ],
}
CAST = {
    "characters": [
        {
            "id": "robot",
            "description": "a small tin robot",
            "wears": "",
            "looks": [{"name": "scarf", "value": "a long green scarf"}],
        }
    ],
    "props": [{"id": "flower", "description": "a red flower"}],
    "places": [
        {"id": "dunes", "description": "a desert of red dunes"},
        {"id": "hills", "description": "snowy hills"},
    ],
}


def sheet(place: str, weather: str, join: str) -> dict[str, Any]:
    """Step 3 of a scene."""
    return {"place": place, "time": "day", "weather": weather, "present": ["robot"], "join": join, "feeling": "Wonder."}


def shots(narration: str, does: str, look: str = "", count: int = 1) -> dict[str, Any]:
    """Step 4 of a scene."""
    member = {
        "who": "robot",
        "look": look,
        "at": "left",
        "faces": "right",
        "feels": "happy",
        "does": does,
        "holds": "flower",
    }
    camera = {"size": "full", "on": "robot", "over": "", "move": "push-in", "angle": "level"}
    shot = {
        "action": f"The robot {does}",
        "narration": narration,
        "cast": [member],
        "props": [],
        "lines": [{"who": "robot", "line": "Hello, flower.", "how": "quietly", "on": True}],
        "camera": camera,
        "join": "cut",
    }
    return {"shots": [shot] * count}


FIRST = shots("A robot found a red flower in the desert.", "finds a red flower")
SECOND = shots("It carried the flower home through the snow.", "carries the flower home", look="scarf")
ALL: list[dict[str, Any]] = [
    OUTLINE, CAST, sheet("dunes", "clear", "cut"), FIRST, sheet("hills", "snow", "dissolve"), SECOND,
]  # fmt: skip

Open = Callable[..., Any]  # a driver that speaks to a service
Reply = dict[str, Any] | str | int | Callable[[], Any]


def well_behaved(body: dict[str, Any]) -> dict[str, Any]:
    """What a good model answers, told by the schema and the scene it is asked for."""
    second = "scene snow" in body["messages"][1]["content"]
    answers = {
        "Outline": OUTLINE,
        "CastAndPlaces": CAST,
        "SceneSheet": ALL[4 if second else 2],
        "ShotList": ALL[5 if second else 3],
    }
    return answers[body["response_format"]["json_schema"]["name"]]


def obedient(question: str, step: str) -> dict[str, Any]:
    """What a model answers that keeps to the number of shots it is asked for."""
    scenes = OUTLINE["scenes"]
    outline = {**OUTLINE, "scenes": [{**scenes[0], "last": 2}]} if "about 1 scenes" in question else OUTLINE
    second = "scene snow" in question
    wanted = re.search(r"exactly (\d+) shots", question)
    listed = ALL[5 if second else 3]["shots"] * (int(wanted[1]) if wanted else 1)
    sheet = ALL[4 if second else 2]
    return {"Outline": outline, "CastAndPlaces": CAST, "SceneSheet": sheet, "ShotList": {"shots": listed}}[step]


def completion(content: str | None, finish: str = "stop", refusal: str | None = None) -> dict[str, Any]:
    """A chat completion of the protocol."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return {
        "id": "c1", "object": "chat.completion", "created": 1, "model": "fake",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }  # fmt: skip


class Service:
    """Replies in order: a mapping is an answer, a text is sent as the answer's text, a number is a status."""

    def __init__(self, replies: list[Any], behave: Callable[[dict[str, Any]], Any] = well_behaved) -> None:
        self.replies, self.behave, self.url = list(replies), behave, ""
        self.asked: list[dict[str, Any]] = []

    def reply(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body of the next reply."""
        self.asked.append(body)
        given = self.replies.pop(0) if self.replies else self.behave(body)
        if callable(given):
            given = given()
        if isinstance(given, int):
            return given, {"error": {"message": f"status {given} for a test", "type": "test"}}
        if isinstance(given, tuple):
            return given
        if isinstance(given, dict) and given.get("object") == "chat.completion":
            return 200, given
        return 200, completion(given if isinstance(given, str) else json.dumps(given))


def slow() -> int:
    """A reply that comes after everybody has stopped waiting."""
    time.sleep(1.5)
    return 500


@contextmanager
def serving(replies: list[Any], behave: Callable[[dict[str, Any]], Any] = well_behaved) -> Iterator[Service]:
    """The service on a port of this machine; `behave` answers when the replies are used up."""
    service = Service(replies, behave)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = service.reply(body)
            data = json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client stopped waiting

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
