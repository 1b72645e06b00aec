"""The embedded server collects its garbage in a thread of its own."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc, time, weakref
from deployments.server_main import collect_in_a_thread

class Ring:
    pass

thread = collect_in_a_thread()
assert not gc.isenabled()
ring = Ring(); ring.itself = ring
seen = weakref.ref(ring)
del ring
limit = time.monotonic() + 10
while seen() is not None and time.monotonic() < limit:
    time.sleep(0.02)
print(seen() is None, thread.daemon, thread.is_alive())
"""


def test_cycles_are_collected_although_no_other_thread_does_it() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.split() == ["True", "True", "True"]
