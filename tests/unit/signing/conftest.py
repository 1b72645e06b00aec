"""What is signed, by whom, and whom the office trusts."""

from tests.signing_people import ca, leader, now, paper, trust

__all__ = ["ca", "leader", "now", "paper", "trust"]
