"""What reads bytes, each with the promises it keeps whatever they are.

A target takes bytes and returns nothing. It raises only where a promise is broken: only
the refusals that are named come out, what is accepted is written again as it was read,
and nothing that cannot be read becomes an empty log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.fuzz import file_targets, journal_targets, word_targets

if TYPE_CHECKING:
    from collections.abc import Callable

TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    target.__name__: target
    for target in (
        journal_targets.line,
        journal_targets.commit,
        journal_targets.header,
        journal_targets.segment,
        journal_targets.journal,
        file_targets.head,
        file_targets.device,
        file_targets.spool,
        file_targets.entry,
        file_targets.draft,
        file_targets.manifest,
        file_targets.manifest_summed,
        file_targets.plan,
        file_targets.index,
        file_targets.index_summed,
        file_targets.partition,
        file_targets.pools,
        word_targets.settings,
        word_targets.own_prompts,
        word_targets.own_sittings,
        word_targets.day,
        word_targets.search,
        word_targets.arguments,
        word_targets.commands,
        word_targets.conversation,
        word_targets.shown,
    )
}
