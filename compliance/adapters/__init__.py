"""What stands outside the house: witnesses and time-stamp authorities, over HTTP."""
