"""Which addresses lie in the open internet; the bounds in time are tried where providers and authorities are called."""

import pytest

from carloan.lib.http import is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.1.2.3", False),
        ("::ffff:1.1.1.1", True),
        ("2002:a01:203::1", False),
        ("64:ff9b::a9fe:a9fe", False),
    ],
)
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert is_public(address) is public
