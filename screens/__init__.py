"""All of the terminal interface; whatever imports textual lives here."""

from __future__ import annotations

import os

from screens.environment import clear

# Before textual is imported anywhere below, since it reads the environment then.
clear(os.environ)
