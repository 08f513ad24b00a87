"""A stock headless Chromium that plays an mp4 and says what it saw and heard."""

import json
import shutil
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = ("--headless=new", "--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--disable-gpu")

PAGE = """<!doctype html><video id=film src=film.mp4 preload=auto></video><script>
const tell = report => fetch("report", {method: "POST", body: JSON.stringify(report)});
const film = document.getElementById("film");
const rms = samples => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
async function decoded() {
  const bytes = await (await fetch("film.mp4")).arrayBuffer();
  const sound = await new OfflineAudioContext(2, 1, 48000).decodeAudioData(bytes);
  const left = sound.getChannelData(0), seconds = [], loud = [];
  for (let at = 0; at + 4800 <= left.length; at += 4800) seconds.push(rms(left.subarray(at, at + 4800)));
  for (let at = 0, quiet = 0; at < left.length; at++) {
    if (Math.abs(left[at]) < LOUD) quiet++; else { if (quiet > 4800 || !loud.length) loud.push(at); quiet = 0; }
  }
  const {numberOfChannels: channels, sampleRate: rate, length: samples} = sound;
  return {channels, rate, samples, tenths: seconds, onsets: loud};
}
async function played() {
  const context = new AudioContext(), ear = context.createAnalyser(), heard = [];
  context.createMediaElementSource(film).connect(ear).connect(context.destination);
  await context.resume();
  await film.play();
  const samples = new Float32Array(ear.fftSize);
  const canvas = new OffscreenCanvas(64, 36).getContext("2d", {willReadFrequently: true});
  let light = 0;
  while (!film.ended && film.currentTime < SECONDS) {
    await new Promise(go => setTimeout(go, 50));
    ear.getFloatTimeDomainData(samples);
    heard.push(rms(samples));
    canvas.drawImage(film, 0, 0, 64, 36);
    light = Math.max(light, ...canvas.getImageData(0, 0, 64, 36).data.filter((_, i) => i % 4 < 3));
  }
  const {videoWidth: width, videoHeight: height, duration, currentTime: at} = film;
  return {heard, light, width, height, duration, at};
}
(async () => {
  try { const sound = await decoded(); tell({...sound, ...await played()}); }
  catch (error) { tell({error: String(error)}); }
})();
</script>"""


@dataclass(frozen=True)
class Seen:
    """What the page measured.

    tenths: root mean square of each tenth of a second of the decoded sound; onsets: samples where it becomes loud;
    heard: the same measure, while the film played; light: of its lightest pixel, 0..255.
    """

    channels: int
    rate: float
    samples: int
    tenths: list[float]
    onsets: list[int]
    heard: list[float]
    light: int
    width: int
    height: int
    duration: float
    at: float


def program() -> str | None:
    """The browser on this machine, if there is one."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def play(film: Path, profile: Path, seconds: float, loud: float = 0.1) -> Seen:
    """Plays a film for some seconds; profile: an empty folder for the browser."""
    reports: Queue[dict[str, object]] = Queue()
    page = PAGE.replace("SECONDS", str(seconds)).replace("LOUD", str(loud))

    class Serve(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = film.read_bytes() if self.path == "/film.mp4" else page.encode()
            self._answer(body, "video/mp4" if self.path == "/film.mp4" else "text/html")

        def do_POST(self) -> None:
            reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer(b"", "text/plain")

        def _answer(self, body: bytes, kind: str) -> None:
            with suppress(ConnectionError):  # a browser asks again for what it needs
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serve)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    command = [str(program()), *OPTIONS, f"--user-data-dir={profile}", address]
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        report = reports.get(timeout=60 + 4 * seconds)
    except Empty:
        raise AssertionError("the browser said nothing") from None
    finally:
        browser.terminate()
        browser.wait()
        server.shutdown()
        server.server_close()
    assert "error" not in report, report["error"]
    return Seen(**report)  # type: ignore[arg-type]
