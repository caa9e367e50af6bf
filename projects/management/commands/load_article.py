"""`manage.py load_article`: put the article's records into the database and say what was done."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou import demo
from projects import article


class Command(BaseCommand):
    """Loads each record of the article once; see `projects.article.load`."""

    help = "Load the article's records that were never loaded before. Never touches what staff edited or deleted."
    requires_migrations_checks = True

    def handle(self, *args, **options):
        if demo.is_demo():
            raise CommandError(_("This database holds invented records: real ones never go beside them."))
        outcomes = article.load()
        for outcome in outcomes:
            self.stdout.write(counts(outcome))
            for key, reason in outcome.left_out:
                names = {"kind": outcome.model._meta.verbose_name, "key": key, "reason": reason}
                self.stderr.write(_("Left out: %(kind)s %(key)s. %(reason)s") % names)
        new = sum(outcome.new for outcome in outcomes)
        kept = sum(outcome.kept for outcome in outcomes)
        self.stdout.write(_("The article is loaded: %(new)d new, %(kept)d kept.") % {"new": new, "kept": kept})


def counts(outcome: article.Outcome) -> str:
    """One line: the kind, how many records are new, were kept, or stay deleted."""
    numbers = {
        "kind": capfirst(outcome.model._meta.verbose_name_plural),
        "new": outcome.new,
        "kept": outcome.kept,
        "deleted": outcome.deleted,
    }
    if outcome.deleted:
        return _("%(kind)s: %(new)d new, %(kept)d kept, %(deleted)d deleted by staff and left so") % numbers
    return _("%(kind)s: %(new)d new, %(kept)d kept") % numbers
