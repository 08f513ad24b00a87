"""What a render shows on the terminal: one moving bar with the time left, and a line for each stage that is done."""

from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

from storyforge.production import events

DOING = {
    "load": "loading the renderer",
    "cast": "casting",
    "panels": "painting",
    "level": "finding the motion of",
    "draw": "drawing",
    "sound": "mixing the",
    "film": "putting the film together",
}
SLOW = 0.05  # seconds; tasks faster than this are not worth a line


class TimeLeft(ProgressColumn):
    """The production's own estimate, by the clock."""

    def render(self, task: Task) -> Text:
        left = task.fields.get("left")
        return Text("" if left is None else f"{round(left) // 60}:{round(left) % 60:02} left", style="cyan")


class Screen:
    """Hears a production's events; a bar on a terminal, plain lines elsewhere. Use it as `tell` inside its `with`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(32), TextColumn("{task.percentage:>3.0f} %"),
            TimeLeft(), console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task(DOING["load"], total=None, left=None)
        self._reused = 0
        self._sheet = False  # the contact sheet is told of once: first with panels, then with the shots' own pictures

    def __enter__(self) -> "Screen":
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()
        if kind is None and self._reused:
            self._console.print(f"[dim]{self._reused} tasks were done before and are kept[/]")

    def __call__(self, event: events.Event) -> None:
        if isinstance(event, events.TaskStarted):
            self._bar.update(self._task, description=f"{DOING[event.kind]} {_short(event.name)}")
        elif isinstance(event, events.Progress):
            total = event.total or None
            self._bar.update(self._task, completed=event.done, total=total, left=event.seconds_left)
        elif isinstance(event, events.TaskDone):
            self._done(event)
        elif isinstance(event, events.TaskFailed):
            self._console.print(f"[red]{escape(event.name)} failed:[/] {escape(event.error)}", highlight=False)
        elif isinstance(event, events.Warning):
            self._console.print(Text(event.sentence, style="yellow"), highlight=False)
        elif event.kind == "board" and not self._sheet:
            self._sheet = True
            folder, sheet = escape(str(event.path.parent / "panels")), escape(str(event.path))
            self._console.print(f"panels are in [cyan]{folder}[/], all of them on {sheet}")

    def _done(self, event: events.TaskDone) -> None:
        self._reused += event.reused
        if not event.reused and event.seconds > SLOW and event.kind in ("cast", "panels", "draw"):
            what = f"{DOING[event.kind]} {event.name}"
            self._console.print(Text(f"{what:<40} {event.seconds:6.1f} s", style="dim"), highlight=False)


def _short(name: str) -> str:
    """A task's name without its stride, cut to fit."""
    name = name.partition("/")[0]
    return name if len(name) <= 32 else f"{name[:29]}..."
