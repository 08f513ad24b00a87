"""What everybody wears, and when that changes: a change of clothes becomes a look."""

from storyforge.planner import lexicon
from storyforge.planner.bags import bag
from storyforge.planner.cast import Being, slug
from storyforge.planner.clauses import Clause
from storyforge.planner.looks import article
from storyforge.planner.phrases import Phrase

_ON = bag("wear put pull don slip wrap throw change dress tie button fasten get")


class Wardrobe:
    """Clothes by being, in reading order."""

    def wear(self, being: Being, clothes: str, sentence: int) -> None:
        """First clothes are what the being wears; others are a change."""
        if not being.wears:
            being.wears = clothes
        elif not set(_nouns(clothes)) & set(_nouns(being.wears)) and clothes not in [c for _, c in being.worn]:
            being.worn.append((sentence, clothes))
        elif being.worn and set(_nouns(clothes)) & set(_nouns(being.wears)) and clothes != being.wears:
            being.worn.append((sentence, ""))

    def change(self, clause: Clause, who: list[Being], sentence: int, source: str) -> None:
        """Put on, took off, was wearing, "his red hat": what a clause says of clothes."""
        words = clause.words
        after = {w.low for w in words[clause.verb + 1 : clause.stop]}
        for phrase in [*clause.subject, *clause.phrases]:
            if phrase.noun not in lexicon.WEARS and phrase.low not in lexicon.WEARS:
                continue
            text = _clothes(phrase)
            owner = phrase.owner.who[0] if phrase.owner is not None and phrase.owner.who else ""
            wearer = next((b for b in who if b.id == owner), who[0] if who and not owner else None)
            if wearer is None or clause.negated:
                continue
            if clause.lemma in ("take", "remove", "pull", "throw") and "off" in after:
                wearer.worn.append((sentence, ""))
            elif clause.lemma in ("wear", "don", "dress") or (
                clause.lemma in _ON and ("on" in after or phrase.prep in ("into", "in", "around", "round", "on"))
            ):
                self.wear(wearer, text, sentence)
            elif owner and not wearer.wears and phrase.modifiers:
                wearer.wears = text
            elif (phrase.prep == "in" and phrase.determiner in ("a", "an") and clause.lemma != "be") or (
                phrase.prep == "in" and clause.lemma == "be" and not owner
            ):
                self.wear(wearer, text, sentence)

    def look(self, being: Being, sentence: int) -> str:
        """The look (its name, "" for the usual one) that a being has at a sentence."""
        now = ""
        for since, clothes in being.worn:
            if since <= sentence:
                now = clothes
        return slug(_nouns(now)[0]) if now else ""

    def looks(self, being: Being) -> dict[str, str]:
        """Name of each look -> what is worn in it."""
        return {slug(_nouns(clothes)[0]): clothes for _, clothes in being.worn if clothes}


def _nouns(clothes: str) -> list[str]:
    words = clothes.lower().replace(",", "").split()
    found = [w for w in words if w in lexicon.WEARS or lexicon.singular(w) in lexicon.WEARS]
    return found or words[-1:]


def _clothes(phrase: Phrase) -> str:
    words = [
        w
        for w in phrase.words[phrase.first : phrase.stop]
        if w.tag in ("A", "N", "E") and w.low not in ("own", "same", "other")
    ]
    if phrase.owner is not None:
        words = [w for w in words if w.start >= phrase.words[phrase.head].start or w.tag == "A"]
    text = " ".join(w.low for w in words)
    return (
        text
        if lexicon.is_plural(phrase.low) or phrase.low in ("glasses", "spectacles", "boots", "trousers")
        else article(text)
    )
