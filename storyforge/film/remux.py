"""Joining films by their packets, without decoding: whole stretches and, beside the picture, a track of captions."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyforge.errors import RenderError
from storyforge.film.codec import Reader, part_of

if TYPE_CHECKING:
    import av

TIMED_TEXT = 1000  # ticks a second of the caption track

# mov_text's encoder, which mp4 needs to describe the track, refuses to open without an ASS header.
ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""

# mp4 names languages by three letters (ISO 639-2/T)
LANGUAGES = {
    "ar": "ara", "bg": "bul", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fi": "fin",
    "fr": "fra", "he": "heb", "hi": "hin", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor", "nb": "nob", "nl": "nld",
    "nn": "nno", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sr": "srp", "sv": "swe", "th": "tha",
    "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "zho",
}  # fmt: skip

Cue = tuple[Fraction, Fraction, str]  # seconds from, seconds to, text
Timed = tuple[Fraction, "av.Packet[Any]"]  # seconds at which a packet is decoded


def concat(
    paths: Sequence[Path],
    target: Path,
    cues: Sequence[Cue] = (),
    language: str = "en",
    tags: Mapping[str, str] | None = None,
    sound: Path | None = None,
) -> int:
    """Writes the films one after another into `target`, packets untouched; the number of frames.

    All must have one size, rate and decoder header, as films by `Writer` of one size and rate have. cues become a
    caption track that players can switch on; sound is a file whose first track is heard from the first frame on.
    """
    import av

    readers = [Reader(path) for path in paths]
    for reader in readers:
        if (reader.size, reader.rate, reader.header) != (readers[0].size, readers[0].rate, readers[0].header):
            raise RenderError(f"{reader.path}: has another format than {readers[0].path}; delete both and render again")
    part = part_of(target)
    try:
        with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as out:
            out.metadata.update(tags or {})
            with av.open(str(paths[0])) as first:
                video = out.add_stream_from_template(first.streams.video[0])
            video.time_base = 1 / readers[0].rate
            tracks = [_captions(_caption_track(out, language), cues)] if cues else []
            tracks += [_sound(out, sound)] if sound else []
            # words and sound are laid down as the film reaches them, so that a player finds all in one place
            for _, packet in merge(*tracks, _pictures(video, readers), key=itemgetter(0)):
                out.mux_one(packet)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return sum(reader.count for reader in readers)


def _pictures(track: "av.VideoStream", readers: Sequence[Reader]) -> Iterator[Timed]:
    """The films' packets with time counted in frames of the whole film.

    Decoding times run on by one frame a packet whatever the boundaries, as early as the film that reorders most needs
    them: a film of one or two frames does not reorder at all.
    """
    early = max(_reordered(reader) for reader in readers)
    shown = decoded = 0
    for reader in readers:
        for packet in _demuxed(reader):
            packet.pts = round((packet.pts or 0) * (packet.time_base or 0) * reader.rate) + shown
            packet.dts, packet.duration, packet.time_base = decoded - early, 1, 1 / reader.rate
            packet.stream = track
            yield (decoded - early) / reader.rate, packet
            decoded += 1
        shown += reader.count


def _reordered(reader: Reader) -> int:
    """Frames by which decoding starts before showing."""
    first = next(_demuxed(reader))
    return -round((first.dts or 0) * (first.time_base or 0) * reader.rate)


def _demuxed(reader: Reader) -> Iterator["av.Packet[av.VideoStream]"]:
    import av

    with av.open(str(reader.path)) as file:
        for packet in file.demux(file.streams.video[0]):
            if packet.size:  # an empty one ends the stream
                yield packet


def _caption_track(out: "av.container.OutputContainer", language: str) -> "av.stream.Stream":
    """An empty mov_text track, off until the viewer asks for it."""
    track = out.add_stream("mov_text")
    track.codec_context.subtitle_header = ASS_HEADER
    track.codec_context.time_base = track.time_base = Fraction(1, TIMED_TEXT)
    track.metadata["language"] = LANGUAGES.get(language.lower().split("-")[0], "und")
    return track


def _captions(track: "av.stream.Stream", cues: Sequence[Cue]) -> Iterator[Timed]:
    """One packet a caption: the text's length in two bytes, then the text."""
    import av

    for start, stop, text in sorted(cues):
        said = text.encode()
        packet = av.Packet(len(said).to_bytes(2, "big") + said)
        packet.stream, packet.time_base = track, Fraction(1, TIMED_TEXT)
        packet.pts = packet.dts = round(start * TIMED_TEXT)
        packet.duration = round((stop - start) * TIMED_TEXT)
        yield start, packet


def _sound(out: "av.container.OutputContainer", path: Path) -> Iterator[Timed]:
    """The packets of a sound file; the first ones lie before time 0, where the encoder's run-up is."""
    import av

    with av.open(str(path)) as file:
        track = out.add_stream_from_template(file.streams.audio[0])

    def packets() -> Iterator[Timed]:
        with av.open(str(path)) as file:
            for packet in file.demux(file.streams.audio[0]):
                if packet.size:
                    time = Fraction(packet.dts or 0) * (packet.time_base or 0)
                    packet.stream = track
                    yield time, packet

    return packets()
