"""Film: frames to shots, shots to a film with joins, captions, titles and cards; contact sheet and provenance."""

from storyforge.film.board import Panel, contact_sheet
from storyforge.film.captions import Caption, captions, srt, vtt
from storyforge.film.cards import end_words, failed
from storyforge.film.codec import CLEAN, FILM, SHOT, Quality, Reader, Writer, write_shot
from storyforge.film.film import Assembly, Captions, Progress, Written, assembly, write
from storyforge.film.footage import VERSION as FOOTAGE_VERSION
from storyforge.film.footage import footage
from storyforge.film.heap import give_back
from storyforge.film.joins import Clip, Layout, compose, layout, reader_clip
from storyforge.film.lettering import borrowed, shapes
from storyforge.film.moviepy import video_clip
from storyforge.film.picture import Frame, Picture, from_frame, to_frame
from storyforge.film.provenance import provenance
from storyforge.film.remux import concat
from storyforge.film.stretches import VERSION
from storyforge.film.typefaces import OWN as OWN_FONTS
from storyforge.film.typefaces import Script, wanting

__all__ = [
    "CLEAN",
    "FILM",
    "FOOTAGE_VERSION",
    "OWN_FONTS",
    "SHOT",
    "VERSION",
    "Assembly",
    "Caption",
    "Captions",
    "Clip",
    "Frame",
    "Layout",
    "Panel",
    "Picture",
    "Progress",
    "Quality",
    "Reader",
    "Script",
    "Writer",
    "Written",
    "assembly",
    "borrowed",
    "captions",
    "compose",
    "concat",
    "contact_sheet",
    "end_words",
    "failed",
    "footage",
    "from_frame",
    "give_back",
    "layout",
    "provenance",
    "reader_clip",
    "shapes",
    "srt",
    "to_frame",
    "video_clip",
    "vtt",
    "wanting",
    "write",
    "write_shot",
]
