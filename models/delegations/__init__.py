"""One person standing in for another over a span of days (thay mặt, decision 0010)."""
