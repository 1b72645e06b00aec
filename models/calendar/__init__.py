"""The working-day calendar: public holidays of Viet Nam under an office's own days (domain.md §6)."""

from models.calendar.answer import due_answer
from models.calendar.office_calendar import DueDate, OfficeCalendar, SkippedDay
from models.calendar.office_days import OfficeDay, OfficeDays

__all__ = ["DueDate", "OfficeCalendar", "OfficeDay", "OfficeDays", "SkippedDay", "due_answer"]
