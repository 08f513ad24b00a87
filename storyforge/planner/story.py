"""The story as it is given: a file, standard input's text or a sentence; and the language it is in."""

import re
from pathlib import Path

from storyforge.errors import InputError

MOST_BYTES = 2_000_000  # about 400,000 words: three novels

_LANGUAGES = {
    "en": "the and was with that had his her they said from were this have not you into when there she out what for",
    "fr": "le la les une des est dans qui pas pour sur avec elle il était ne que du au ses son et mais plus vous je",
    "de": "der die das und ist nicht ein eine mit auf war den dem sie er ich es zu von im sich aber als wie auch",
    "es": "el la los las una que en por con para era se del su pero no como más un y al lo ella él había",
    "it": "il la le gli una che di per con non era si del sua ma come più un e al lo lei della nel sono",
    "pt": "o a os as uma que em por com para era se do da seu sua mas não como mais um e ao ela ele",
    "nl": "de het een en van is niet met op was zij hij ik te in dat die voor maar ook naar zijn er",
    "sv": "och att det en ett som på var med för inte han hon den är av till men sig från om",
    "pl": "i w nie się na z że jest do to był była jak ale po co od za przez ten",
    "tr": "bir ve bu da de için ile çok ama gibi daha o ne var yok sonra kadar",
}
_SCRIPTS = (
    ("ru", "Ѐ-ӿ"),
    ("el", "Ͱ-Ͽ"),
    ("ja", "぀-ヿ"),
    ("ko", "가-힯"),
    ("zh", "一-鿿"),
    ("ar", "؀-ۿ"),
    ("he", "֐-׿"),
    ("hi", "ऀ-ॿ"),
    ("th", "฀-๿"),
)
NAMES = {
    "en": "English", "fr": "French", "de": "German", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "sv": "Swedish",
    "pl": "Polish", "tr": "Turkish", "ru": "Russian", "el": "Greek", "ja": "Japanese", "ko": "Korean",
    "zh": "Chinese", "ar": "Arabic",
    "he": "Hebrew", "hi": "Hindi", "th": "Thai",
}  # fmt: skip


def read_story(given: str | Path) -> str:
    """The text of a story: a path's contents, or the given text itself; InputError when it is no story."""
    path = _as_path(given)
    if path is None:
        return _checked(str(given), "The story")
    if path.is_dir():
        raise InputError(f"{path} is a folder: give a text file with the story.")
    if not path.exists():
        raise InputError(
            f"There is no file {path}: give a text file, - for standard input, or a sentence in quotation marks."
        )
    if path.stat().st_size > MOST_BYTES:
        raise InputError(
            f"{path} has {path.stat().st_size / 1e6:.1f} MB; "
            f"a story may have {MOST_BYTES / 1e6:.0f} MB: plan it chapter by chapter."
        )
    data = path.read_bytes()
    return _checked(_decoded(data, str(path)), str(path))


def _as_path(given: str | Path) -> Path | None:
    """A path when it is one, or looks like one: a single word with a suffix."""
    if isinstance(given, Path):
        return given
    if "\n" in given or len(given) > 1000 or not given.strip():
        return None
    path = Path(given)
    try:
        known = path.exists()
    except OSError:
        return None
    return path if known or re.fullmatch(r"\S+\.(?:txt|md|fountain|markdown|text)", given) else None


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data:
        raise InputError(f"{name} is not text (it has zero bytes): save the story as plain text, UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    odd = sum(not (c.isprintable() or c in "\n\r\t") for c in text)
    if odd > len(text) * 0.02 or "�" in text:
        raise InputError(f"{name} is not text that can be read: save the story as plain text, UTF-8.")
    return text


def _checked(text: str, name: str) -> str:
    if not text.strip("\ufeff \t\r\n"):
        raise InputError(f"{name} is empty: write at least one sentence.")
    if len(text.encode("utf-8", errors="replace")) > MOST_BYTES:
        raise InputError(
            f"{name} has {len(text) / 1e6:.1f} million characters; "
            f"a story may have {MOST_BYTES / 1e6:.0f} MB: plan it chapter by chapter."
        )
    controls = sum(ord(c) < 9 or 13 < ord(c) < 32 for c in text)
    if "\x00" in text or controls > len(text) * 0.02:
        raise InputError(f"{name} is not text (it has control characters): save the story as plain text, UTF-8.")
    return text


def language_of(text: str) -> str:
    """The language of a text as an ISO code; "en" when it is too short or too odd to tell."""
    letters = [c for c in text if c.isalpha()]
    for code, span in _SCRIPTS:
        if letters and len(re.findall(f"[{span}]", text)) > 0.3 * len(letters):
            return code
    found = re.findall(r"[^\W\d_]+", text.lower())
    if len(found) < 5:
        return "en"
    share = {code: sum(w in words.split() for w in found) / len(found) for code, words in _LANGUAGES.items()}
    best = max(share, key=lambda code: share[code])
    distinct = len(set(found) & set(_LANGUAGES[best].split()))
    return best if distinct > 2 and share[best] > 0.12 and share[best] > 1.3 * share["en"] else "en"
