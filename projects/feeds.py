"""The Atom feed of published projects, last changed first."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.exports.fields import clean
from projects.models import Project

ENTRIES = 50


class ChangesFeed(Feed):
    """What everybody may see, as it is now; an entry goes as soon as its project is withdrawn."""

    feed_type = Atom1Feed
    subtitle = gettext_lazy("Published projects, last changed first")

    def title(self):
        return settings.SITE_IDENTITY["name"]

    def link(self):
        return reverse("projects:project-list")

    def items(self):
        return Project.objects.public().select_related("chain", "place")[:ENTRIES]

    def item_title(self, item):
        return clean(item.name)

    def item_description(self, item):
        """Stage, amount, chain, place and summary, without the control characters that XML forbids."""
        amount = item.show_total_investment()
        parts = [
            str(item.get_stage_display()),
            *([f"{_('total investment')} {amount}"] if amount else []),
            *(str(tie) for tie in (item.chain, item.place) if tie),
            *([item.summary] if item.summary else []),
        ]
        return clean(" · ".join(parts))

    def item_updateddate(self, item):
        return item.updated_at

    def item_pubdate(self, item):
        return item.published_at
