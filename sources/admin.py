"""Sources and cited sentences in the admin."""

from django.contrib import admin
from django.contrib.contenttypes.admin import GenericStackedInline
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from liangzhou.admin import LedgerAdmin, PartAdmin, TypedFields
from liangzhou.forms import LedgerForm
from liangzhou.publishing.always_public import AlwaysPublic
from liangzhou.scoped_admin import ScopedInline
from liangzhou.search import pinyin_slug

from .fieldsets import SOURCE
from .models import Citation, Source


class SourceForm(LedgerForm):
    """A source, whose address is made of its title's pinyin where none is typed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Part of the link; made from the title where left empty.")

    def clean(self):
        cleaned = super().clean()
        if not self.cleaned_data.get("slug") and "slug" not in self.errors:
            self.cleaned_data["slug"] = self._free_slug()
        return cleaned

    def _free_slug(self) -> str:
        base = pinyin_slug(self.cleaned_data.get("title", ""))[:70].strip("-") or "source"
        taken = set(Source.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
        return base if base not in taken else next(slug for slug in numbered if slug not in taken)


@admin.register(Source)
class SourceAdmin(AlwaysPublic, LedgerAdmin):
    form = SourceForm
    sections = SOURCE
    list_display = ("title", "kind", "publisher", "date", "changed")
    list_filter = ("kind",)
    search_fields = ("title", "authors", "publisher", "slug")
    ordering = ("title",)

    @admin.display(description=_("published on"), ordering="dated")
    def date(self, obj):
        return obj.date


@admin.register(Citation)
class CitationAdmin(PartAdmin):
    whole = "target"
    fields = ("record", "source", "quote", "supports", "position")
    list_display = ("sentence", "record", "supports", "source", "changed")
    list_select_related = ("source", "updated_by")
    list_filter = (("source", admin.RelatedOnlyFieldListFilter), ("content_type", admin.RelatedOnlyFieldListFilter))
    search_fields = ("quote", "supports")
    search_help_text = _("Words of the sentence or names of facts.")
    autocomplete_fields = ("source",)
    ordering = ("-id",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("target")

    @admin.display(description=_("sentence"), ordering="quote")
    def sentence(self, obj):
        return str(obj)


class CitationInline(TypedFields, ScopedInline, GenericStackedInline):
    """The sentences that support a record's facts."""

    model = Citation
    extra = 0
    fields = ("quote", "supports", ("source", "position"))
    autocomplete_fields = ("source",)
    link = "target"

    def link_fields(self) -> tuple[str, ...]:
        """The fields that tie a sentence to its record."""
        return (self.ct_field, self.ct_fk_field)

    def link_to(self, whole) -> dict:
        """The filter that finds the sentences of a record, also in the history."""
        return {self.ct_field: ContentType.objects.get_for_model(whole), self.ct_fk_field: whole.pk}
