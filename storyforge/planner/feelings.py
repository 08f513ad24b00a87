"""Words for what is felt."""

from storyforge.planner.bags import bag

FEELINGS = {
    "happy": """happy glad joyful cheerful delighted pleased merry proud content relieved excited grateful hopeful
    joy laughed laughing
     laughs laugh smiled smiling smiles smile grinned grins grin giggled giggles beamed beams happily gladly
     merrily cheerfully proudly
     chuckled delight danced cheered gently fondly warmly kindly kissed hugged purred""",
    "sad": """sad unhappy lonely gloomy sorrowful tearful heartbroken weary miserable disappointed tired wept
    weeping weeps weep cried
     crying tears sobbed sobbing sobs sighed sighs sigh sadly sorrow grief mourned alone hungry poor lost homesick
     despair ashamed
     mournfully wearily gloomily sorry""",
    "angry": """angry furious cross annoyed grumpy enraged stern fierce mad angrily growled growls growl snarled
    snarls roared anger
     rage fury snapped snaps scowled scowls glared glares scowl frowned frowns shouted fiercely crossly sternly
     grumbled hissed
     stamped""",
    "afraid": """afraid scared frightened fearful terrified nervous worried anxious timid trembling trembled
    trembles tremble shivered
     shivering shivers fear fled screamed screams shrieked fright terror dread cowered nervously anxiously shaking
     fearfully panic frantic frantically begged pleaded""",
    "surprised": """surprised amazed astonished startled shocked curious puzzled wide-eyed confused gasped gasps
    gasp surprise
     astonishment wonder wondered blinked stared curiously gaped amazement suddenly-saw bewildered exclaimed""",
}
_FEELING_WORD = {word: feeling for feeling, words in FEELINGS.items() for word in words.split()}

# words too weak for a close-up on their own
WEAK_FEELINGS = bag(
    """sigh begged pleaded weary tired alone poor lost hungry tired wonder wondered blinked stared curious gently
    kindly cried shouted proud danced"""
)


_DENIED = bag("not never no none nobody neither nor without longer n't didn't wasn't weren't isn't don't")


def feeling(words: list[str]) -> tuple[str, bool]:
    """The feeling a clause shows (happy, sad, angry, afraid, surprised or "") and whether it is strong."""
    weak = ""
    for place, word in enumerate(words):
        if word in _FEELING_WORD and not (_DENIED & set(words[max(0, place - 4) : place])):
            if word not in WEAK_FEELINGS:
                return _FEELING_WORD[word], True
            weak = weak or _FEELING_WORD[word]
    return weak, False
