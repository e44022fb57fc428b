"""Sizes of what comes with a request."""

# Whatever a form of ours without files holds fits in it. The web server waits for so much without keeping a thread for
# it, and nobody sends more before signing in.
SMALL_BODY = 64 * 1024
