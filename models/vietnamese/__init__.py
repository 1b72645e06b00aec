"""How Vietnamese is written on papers: numbers in words, days, names in order."""

from models.vietnamese.dates import HOW_TO_TYPE, long_date, short_date, typed_day
from models.vietnamese.numbers import in_words
from models.vietnamese.sorting import name_key, text_key

__all__ = ["HOW_TO_TYPE", "in_words", "long_date", "name_key", "short_date", "text_key", "typed_day"]
