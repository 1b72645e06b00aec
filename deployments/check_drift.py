"""`make drift`: a database made by the migrations has exactly the tables of the code."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from deployments.database_upgrade import inspect, upgrade


def main() -> int:
    """Exit status 1 with the differences, 0 when there are none."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'drift.sqlite'}"
        upgrade(url)
        state = inspect(url)
    for difference in state.drift:
        print(difference)
    return 0 if state.up_to_date else 1


if __name__ == "__main__":
    sys.exit(main())
