"""A dataset's versions together: the names of their files, and when they were shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.stages import FormatWord, Release, Resource


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A time in which nothing of a dataset was shown; it goes on while `until` is None.

    Where it was decided in spite of an `approval`, it ends with another one, of its day or later.
    """

    since: dt.datetime
    until: dt.datetime | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Releases:
    """The record of a dataset's versions, oldest first, and of when none of them was shown.

    A version is in the open from `released_at` to `retired_on`, but for the withdrawals.
    """

    releases: tuple[Release, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()

    @property
    def withdrawal(self) -> Withdrawal | None:
        """The withdrawal that goes on; None where there is none."""
        last = self.withdrawals[-1] if self.withdrawals else None
        return last if last and last.until is None else None

    @property
    def shown(self) -> Release | None:
        """The version that the stable addresses give; None while there is none in the open."""
        newest = self.releases[-1] if self.releases else None
        return None if self.withdrawal or (newest and newest.retired_on) else newest

    def released(self, release: Release) -> Releases:
        """With a version more."""
        return replace(self, releases=(*self.releases, release))

    def shown_from(self, at: dt.datetime) -> Releases:
        """With the withdrawal that goes on ended at that time."""
        if (standing := self.withdrawal) is None:
            return self
        ended = replace(standing, until=at)
        return replace(self, withdrawals=(*self.withdrawals[:-1], ended))

    def withdrawn(self, at: dt.datetime, approval: str | None = None) -> Releases:
        """With nothing shown from then on; as it is where that is so already, or nothing was.

        Where it is decided in spite of another `approval` than the one that goes on, that one ends.
        """
        standing = self.withdrawal
        if not self.releases or (standing and approval in (None, standing.approval)):
            return self
        ended = self.shown_from(at)
        return replace(ended, withdrawals=(*ended.withdrawals, Withdrawal(at, approval=approval)))

    def retired(self, count: int, day: dt.date) -> Releases:
        """With the oldest `count` versions retired, on that day where they were not."""
        old = (replace(each, retired_on=each.retired_on or day) for each in self.releases[:count])
        return replace(self, releases=(*old, *self.releases[count:]))


def stem_of(dataset: str, generation: int) -> str:
    """What the names of the files of rows of that generation begin with."""
    return dataset if generation == 1 else f"{dataset}-v{generation}"


def rows_file(release: Release, form: FormatWord) -> Resource:
    """The file of all the version's rows in that format; KeyError where there is none."""
    return {each.format: each for each in release.resources if each.holds_all_rows}[form]


def former(releases: Sequence[Release]) -> tuple[Release, ...]:
    """The last version of each earlier generation that still stands, oldest first."""
    last = {each.generation: each for each in releases if each.retired_on is None}
    return tuple(each for number, each in last.items() if number < releases[-1].generation)


def stable_files(releases: Sequence[Release]) -> dict[str, Release]:
    """Which version's bytes each stable name gives; none where the newest version is retired.

    They are the newest version's files, and the files of rows of earlier generations.
    """
    if not releases or releases[-1].retired_on is not None:
        return {}
    kept = {
        file.name: each for each in former(releases) for file in each.resources if file.holds_rows
    }
    return kept | {file.name: releases[-1] for file in releases[-1].resources}
