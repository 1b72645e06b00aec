"""HTML forms made from the domain's pydantic forms: described, read back, with each error at its field."""

from portal.forms.describing import Field, Option, Widget, fields_of
from portal.forms.reading import Sent, data_from

__all__ = ["Field", "Option", "Sent", "Widget", "data_from", "fields_of"]
