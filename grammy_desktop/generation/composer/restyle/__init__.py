"""Style transfer: a song's tempo map, harmony, melody and form, rearranged in another style.

A recording is analysed into a lead sheet (`hear_sheet`), a score of our own gives one exactly (`sheet_of_score`); either is
laid out as the style wants it (`restyled_song`) and played by the composer's own band.
"""

from grammy_desktop.generation.composer.restyle.certainty import Judgement, judgements
from grammy_desktop.generation.composer.restyle.hear import hear_sheet
from grammy_desktop.generation.composer.restyle.lay_out import restyle_arrangement, restyled_song, song_from_recipe
from grammy_desktop.generation.composer.restyle.read_score import sheet_of_score
from grammy_desktop.generation.composer.restyle.sheet import LeadSheet
from grammy_desktop.generation.composer.restyle.wishes import Kept, brief_for, moved

__all__ = [
    "Judgement",
    "Kept",
    "LeadSheet",
    "brief_for",
    "hear_sheet",
    "judgements",
    "moved",
    "restyle_arrangement",
    "restyled_song",
    "sheet_of_score",
    "song_from_recipe",
]
