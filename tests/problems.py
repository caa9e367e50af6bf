"""What a record's own check says of it."""

from django.core.exceptions import ValidationError
from django.utils import translation


def problems(record):
    """The sentences by field, in English; {} where the record may be saved."""
    with translation.override("en"):
        try:
            record.full_clean()
        except ValidationError as refused:
            return refused.message_dict
    return {}
