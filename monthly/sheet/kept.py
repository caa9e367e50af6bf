"""What was typed into a sheet that came too late to be saved, as a table to copy from."""

from django.utils.translation import gettext as _

from liangzhou import permissions
from liangzhou.money import plain
from liangzhou.sign_in.idle import Table
from projects.models import Project

from .amounts import pair_of
from .lines import labels
from .typed import PREFIX, Typed, digest, read


def table(request) -> Table:
    """The changed rows of a posted sheet, in its order; a project that the sender does not see has no name here."""
    typed = {key: one for key, one in read(request.POST).items() if is_changed(one)}
    seen = permissions.visible(request.user, Project.objects.filter(pk__in=typed))
    names = {pk: f"{code} {name}" for pk, code, name in seen.values_list("pk", "code", "name")}
    columns = labels()
    return Table(
        head=[_("Project"), *(columns[name] for name in PREFIX)],
        rows=[[names.get(key, str(key)), *(one.cells.get(name, "") for name in PREFIX)] for key, one in typed.items()],
    )


def is_changed(typed: Typed) -> bool:
    """Whether something else is in the row than what stood there when the page was opened."""
    was = typed.was
    if was is None:
        return True
    cumulative = pair_of(was.month, was.before).cumulative
    stood = {"month": plain(was.month), "cumulative": plain(cumulative), "plan": plain(was.plan)}
    return any(
        text != stood[name] if name in stood else digest(text) != getattr(was, name)
        for name, text in typed.cells.items()
    )
