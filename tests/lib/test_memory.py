"""What was freed in between other things goes back to the machine."""

import os

from carloan.lib.memory import give_back


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_pieces_that_were_freed_between_others_are_given_back() -> None:
    pieces = [bytearray(100_000) for _ in range(2_000)]
    kept = pieces[::20]
    kept.append(bytearray(100_000))
    before = resident()
    del pieces
    give_back()
    assert before - resident() > 100_000_000
    assert len(kept) == 101
