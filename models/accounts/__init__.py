"""Accounts: how a person proves who they are, and for how long that holds.

Moments here are real time, also where the office's clock is simulated: a lock-out, a session and a code of the second
factor run out by the clock on the wall. The modules take `now` all the same, so that tests can set it.
"""
