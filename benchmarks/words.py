"""The words the sample log is written in: plain ones often, spice now and then."""

from __future__ import annotations

from typing import Final

_PLAIN: Final = """
    the and to of a I we was that it in my with felt for on but me today so not she he
    they had about after before again more less tired calm work walk sleep talk listen
    friend crew call promise small step fear hope angry sad glad quiet morning evening
    family mother father sister brother child money rent job boss plan month week hour
    minute coffee tea run swim read write cook clean breathe notice name need ask offer
    help thank sorry forgive trust doubt grow change try fail learn begin stop wait
    answer question story body chest shoulder stomach hands eyes tears laugh music song
    garden rain sun winter summer train bus street house room window door letter phone
    message meeting session partner share turn timer
"""
_SPICE: Final = """
    naïve café Zoë Łukasz Müller señora façade crème brûlée Ångström smörgåsbord déjà
    über jalapeño Øystein Dvořák 日記 感謝 友達 今日は 마음 친구 спасибо тревога друг 🙂
    💛 🌱 🫂 👩‍👩‍👧 e\u0301te\u0301 ελπίδα
"""
PLAIN: Final = tuple(_PLAIN.split())
SPICE: Final = tuple(_SPICE.split())
PEOPLE: Final = ("A", "B", "Z", "Ł", "J", "M", "O.", "P", "Søren", "F", "K", "I", "Y")
TAGS: Final = (
    "sleep", "work", "family", "body", "money", "grief", "joy", "anger", "crew",
    "dyad", "gratitude", "boundary",
)  # fmt: skip
PARTS: Final = ("the Planner", "Little Bear", "der Kritiker", "the Pleaser", "Wächter")
QUESTIONS: Final = (
    ("notice-body", "What do you notice in your body now?"),
    ("asked-help", "Where did you ask for help, or nearly?"),
    ("power-over", "Where did you use your power over someone, even slightly?"),
    ("power-with", "Where did you stand beside someone?"),
    ("thanks", "Whom would you like to thank, and for what?"),
    ("promise", "Which small promise did you keep or change?"),
    ("joy", "What was light today?"),
)
NEEDLE: Final = "Quokka"
"""Stands in exactly `needles(n)` of n entries."""
SHARP: Final = ("Straße", "STRASSE")
"""Stand in turn in every 997th entry: the same word to a reader."""
