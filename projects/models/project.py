"""Projects."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, Place
from liangzhou import search
from liangzhou.figures import qualified
from liangzhou.models import (
    Coded,
    Publishable,
    PublishableQuerySet,
    Qualifier,
    QuantityField,
    Searchable,
    SearchableQuerySet,
    Stamped,
)
from liangzhou.money import MoneyField, show_wan
from liangzhou.periods import PartialDate, Precision
from projects.names import blocking_keys
from projects.stages import PUBLIC_STAGES, Stage, Status
from sources.models import Cited

from .chain import IndustryChain
from .signing_event import SigningEvent


def public_project(prefix: str = "") -> Q:
    """Which projects the public sees: published, from the signing on. `prefix` leads to the project."""
    return Q(**{f"{prefix}published": True, f"{prefix}stage__in": PUBLIC_STAGES})


class ProjectQuerySet(PublishableQuerySet, SearchableQuerySet):
    """Projects."""

    def public(self):
        """Published projects from the signing on."""
        return self.filter(public_project())

    def implemented(self):
        """Projects that are more than plans: reserve, leads and negotiations are never added to them."""
        return self.filter(stage__in=PUBLIC_STAGES)

    def mentioning(self, text: str, *, companies, pinyin: bool = False):
        """Projects that hold every word of the query in their own text, their company's, chain's or place's.

        `companies` are the companies whose names may be looked in: for the public, the public ones.
        With `pinyin`, a word in Latin letters may also be pinyin of the project's name (for staff).
        """
        from .parts import ProjectParty

        found = self
        for term in search.terms(text):
            found = found.filter(
                Q(search_text__holds=term)
                | (Q(search_pinyin__holds=term) if pinyin else Q())
                | Q(enterprise__in=companies.filter(search_text__holds=term))
                | Q(chain__in=IndustryChain.objects.filter(search_text__holds=term))
                | Q(place__in=Place.objects.filter(search_text__holds=term))
                | Q(
                    pk__in=ProjectParty.objects.filter(enterprise__in=companies.filter(search_text__holds=term)).values(
                        "project"
                    )
                )
            )
        return found

    def totals(self) -> dict:
        """How many projects, their total investment in 万元 (None where none is known), and how many have one."""
        return self.aggregate(
            count=Count("pk"), investment=Sum("total_investment"), with_investment=Count("total_investment")
        )

    def totals_by(self, *paths: str) -> list[tuple]:
        """For each combination of the paths' values: the values, the number of projects, their total in 万元."""
        rows = self.order_by().values_list(*paths).annotate(projects=Count("pk"), investment=Sum("total_investment"))
        return list(rows.order_by("-projects", *(models.F(path).asc(nulls_last=True) for path in paths)))

    def with_dates(self):
        """Annotate when each was signed, started, registered and came into production, as far as recorded.

        A start that is not recorded is taken from the first later step that is; so is the production.
        `known_since` is the first date of all.
        """
        from .milestone import PRODUCING_OR_LATER, STARTED_OR_LATER, first_reached

        return self.annotate(
            known_since=first_reached("pk"),
            signed_on=first_reached("pk", "signed"),
            started_on=first_reached("pk", *STARTED_OR_LATER),
            registered_on=first_reached("pk", "registered"),
            producing_on=first_reached("pk", *PRODUCING_OR_LATER),
        )

    def refresh_latest_milestone(self) -> int:
        """Write each project's latest milestone reached into its row; returns how many rows were looked at.

        The lists sort and filter by it, so it is kept in the project's own row. `update()` leaves
        no history on purpose: the milestone's own history says what changed.
        """
        from .milestone import Milestone

        reached = Milestone.objects.filter(project=OuterRef("pk")).reached().order_by("-actual", "-rank")[:1]
        return self.update(
            latest_milestone=Subquery(reached.values("kind")),
            latest_milestone_date=Subquery(reached.values("actual")),
            latest_milestone_precision=Subquery(reached.values("actual_precision")),
            latest_milestone_year=Subquery(reached.annotate(year=ExtractYear("actual")).values("year")),
        )


class ProjectManager(models.Manager.from_queryset(ProjectQuerySet)):
    def get_by_natural_key(self, code):
        return self.get(code=code)


class Project(Cited, Coded, Publishable, Searchable, Stamped):
    """One investment project, tracked from a plan or a lead to full production."""

    CODE_PREFIX = "LZ"
    SEARCHED = ("name", "code", "official_code", "summary")
    COMPUTED = (*Searchable.COMPUTED, "name_head", "name_tail")
    DERIVED = (
        "latest_milestone",
        "latest_milestone_date",
        "latest_milestone_precision",
        "latest_milestone_year",
    )

    name = models.CharField(_("name"), max_length=200)
    official_code = models.CharField(
        _("official project code"),
        max_length=24,
        unique=True,
        null=True,
        blank=True,
        help_text=_("As filed: 2501-620602-04-01-123456; empty until filed."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="phases",
        verbose_name=_("phase of"),
        help_text=_("The project that this one is a phase of."),
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.LEAD)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.NORMAL)
    status_reason = models.CharField(
        _("reason of the status"),
        max_length=300,
        blank=True,
        help_text=_("Needed for paused and terminated. Never shown to the public."),
    )
    chain = models.ForeignKey(
        IndustryChain, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("industry chain")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("place")
    )
    enterprise = models.ForeignKey(
        Enterprise,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("company"),
        help_text=_("The company that carries the project."),
    )
    total_investment = MoneyField(_("total investment"), null=True, blank=True)
    investment_qualifier = models.CharField(
        _("qualifier of the total investment"), max_length=10, choices=Qualifier, default=Qualifier.EXACT
    )
    investment_undisclosed = models.BooleanField(
        _("total investment not disclosed"), default=False, help_text=_("The investor does not disclose it.")
    )
    contract_amount = MoneyField(
        _("contract amount"),
        null=True,
        blank=True,
        help_text=_("In 万元, as signed; where it differs from the total investment. Never shown to the public."),
    )
    signing_event = models.ForeignKey(
        SigningEvent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("signing event"),
        help_text=_("Where the contract was signed. Never shown to the public."),
    )
    land_area = QuantityField(
        _("land area"),
        unit="亩",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In 亩; 1 亩 is 666.67 m²."),
    )
    summary = models.TextField(_("summary"), blank=True)
    internal_remark = models.TextField(_("internal remark"), blank=True, help_text=_("Never shown to the public."))

    # Computed from the name: where look-alikes are looked for (`duplicates.py`)
    name_head = models.CharField(_("how the name begins"), max_length=4, blank=True, editable=False, db_index=True)
    name_tail = models.CharField(_("how the name ends"), max_length=4, blank=True, editable=False, db_index=True)

    # Derived from the milestones (`refresh_latest_milestone`); all null where none is reached
    latest_milestone = models.CharField(_("latest milestone"), max_length=12, null=True, editable=False)  # noqa: DJ001
    latest_milestone_date = models.DateField(_("date of the latest milestone"), null=True, editable=False)
    latest_milestone_precision = models.CharField(_("precision"), max_length=10, null=True, editable=False)  # noqa: DJ001
    latest_milestone_year = models.PositiveSmallIntegerField(
        _("year of the latest milestone"), null=True, editable=False
    )

    objects = ProjectManager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        permissions = [("publish_project", _("Can publish projects"))]
        ordering = ("-updated_at", "-id")
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="project_newest"),
            models.Index(fields=["-total_investment", "-id"], name="project_largest"),
            models.Index(fields=["chain", "-updated_at", "-id"], name="project_chain_newest"),
            models.Index(fields=["stage", "-updated_at", "-id"], name="project_stage_newest"),
            models.Index(fields=["place", "-updated_at", "-id"], name="project_place_newest"),
            models.Index(fields=["latest_milestone_year", "-updated_at", "-id"], name="project_year_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="project_stage_known",
                condition=Q(stage__in=Stage.values),
                violation_error_message=_("Unknown stage."),
            ),
            models.CheckConstraint(
                name="project_status_reason",
                condition=Q(status=Status.NORMAL) | (Q(status__in=Status.values) & ~Q(status_reason="")),
                violation_error_message=_("Say why the project is paused or terminated."),
            ),
            models.CheckConstraint(
                name="project_investment_not_negative",
                condition=Q(total_investment__isnull=True) | Q(total_investment__gte=0),
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                name="project_contract_amount_positive",
                condition=Q(contract_amount__isnull=True) | Q(contract_amount__gt=0),
                violation_error_message=_("The amount must be more than 0; leave it empty where not known."),
            ),
            models.CheckConstraint(
                name="project_investment_undisclosed_or_given",
                condition=Q(investment_undisclosed=False) | Q(total_investment__isnull=True),
                violation_error_message=_("A total investment is given: it cannot also be undisclosed."),
            ),
            models.CheckConstraint(
                name="project_land_positive",
                condition=Q(land_area__isnull=True) | Q(land_area__gt=0),
                violation_error_message=_("The land must be more than 0 亩; leave it empty where not known."),
            ),
            models.CheckConstraint(
                name="project_official_code_form",
                condition=Q(official_code__isnull=True)
                | Q(official_code__regex=r"^[0-9]{4}-[0-9]{6}-([0-9]{2}-){2}[0-9]{6}$"),
                violation_error_message=_("The official project code looks like 2501-620602-04-01-123456."),
            ),
            models.CheckConstraint(
                name="project_not_its_own_phase",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                violation_error_message=_("A project cannot be a phase of itself."),
            ),
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.code,)

    def get_absolute_url(self):
        return reverse("projects:project-detail", args=[self.code])

    @property
    def is_public(self) -> bool:
        return self.published and self.stage in PUBLIC_STAGES

    @property
    def latest_reached(self) -> PartialDate | None:
        """The date of the latest milestone reached."""
        if self.latest_milestone_date is None:
            return None
        return PartialDate(self.latest_milestone_date, self.latest_milestone_precision or Precision.DAY)

    def show_total_investment(self) -> str:
        """The amount, or that it is not disclosed; empty where not known."""
        if self.total_investment is not None:
            return qualified(show_wan(self.total_investment), self.investment_qualifier)
        return gettext("not disclosed") if self.investment_undisclosed else ""

    def fill_search(self) -> None:
        super().fill_search()
        self.name_head, self.name_tail = blocking_keys(self.name)

    def clean(self):
        errors = {}
        self.official_code = (self.official_code or "").strip() or None
        if self.status != Status.NORMAL and not self.status_reason:
            errors["status_reason"] = _("Say why the project is paused or terminated.")
        if self.total_investment == 0:
            errors["total_investment"] = _("The amount must be more than 0; leave it empty where not known.")
        if self.investment_undisclosed and self.total_investment is not None:
            errors["investment_undisclosed"] = _("A total investment is given: it cannot also be undisclosed.")
        if self.published and self.stage not in PUBLIC_STAGES:
            errors["stage"] = _("Reserve projects, leads and negotiations are internal: they cannot be published.")
        if self.pk and self.parent_id and self.is_above(self.parent):
            errors["parent"] = _("A project cannot be a phase of itself or of one of its own phases.")
        if errors:
            raise ValidationError(errors)

    def is_above(self, other: "Project") -> bool:
        """Whether `other` is this project or one of its phases, at any depth."""
        seen = set()
        while other is not None and other.pk not in seen:
            if other.pk == self.pk:
                return True
            seen.add(other.pk)
            other = other.parent
        return False

    def save(self, *args, **kwargs):
        self.official_code = self.official_code or None
        super().save(*args, **kwargs)

    @classmethod
    def after_bulk_write(cls, pks) -> None:
        """What saving a milestone does, for projects of which parts were written or deleted in bulk."""
        cls.objects.filter(pk__in=pks).refresh_latest_milestone()

    @classmethod
    def must_stay(cls, plan):
        """What the stages that projects have come to since would be without."""
        from projects.taking_back import needed

        return needed(plan)

    @classmethod
    def after_set_back(cls, changes, *, by, reason) -> None:
        """A stage that was taken back is a change of stage too."""
        from .stage_change import StageChange

        log = [
            StageChange(project=row, from_stage=before["stage"], to_stage=row.stage, reason=reason[:300])
            for row, before in changes
            if "stage" in before
        ]
        StageChange.log_many(log, by=by)
