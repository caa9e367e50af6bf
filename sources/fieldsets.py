"""Field order and headings of a source."""

from django.utils.translation import gettext_lazy as _

from liangzhou.fieldsets import Section

SOURCE = (
    Section(_("Source"), public=("title", "kind", "authors", "publisher", "dated", "url")),
    Section(_("For the reader"), public=("note",), internal=("slug",)),
)
