"""Courses and exams (培训考试), and the rights that wait for them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from carloan.core.models import Membership, TenantModel


class Course(TenantModel):
    """A course with its exam. A change of its content is the next `version`; results count from the version
    `counts_from` on, for `valid_months` behind the day of the exam."""

    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("course"), max_length=120)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    counts_from = models.PositiveSmallIntegerField(default=1)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"))
    valid_months = models.PositiveSmallIntegerField(_("months of validity"))
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="compliance_course_code"),
            models.CheckConstraint(
                condition=Q(pass_mark__gte=1, pass_mark__lte=100, valid_months__gte=1, valid_months__lte=120),
                name="compliance_course_bounds",
            ),
            models.CheckConstraint(
                condition=Q(counts_from__gte=1, counts_from__lte=F("version")), name="compliance_course_counts_from"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ExamResult(TenantModel):
    """What somebody reached in the exam of a version, entered by somebody else. A wrong entry is voided and kept."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    taken_on = models.DateField(_("day of the exam"))
    score = models.PositiveSmallIntegerField(_("score"))
    passed = models.BooleanField(_("passed"))
    valid_until = models.DateField(_("valid until"), null=True)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(recorded_by=F("member")), name="compliance_examresult_not_own"),
            models.CheckConstraint(condition=Q(score__lte=100), name="compliance_examresult_score"),
            models.CheckConstraint(
                condition=Q(passed=True, valid_until__isnull=False) | Q(passed=False, valid_until=None),
                name="compliance_examresult_valid",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None) | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="compliance_examresult_voided",
            ),
            models.UniqueConstraint(
                fields=["tenant", "course", "version", "member", "taken_on"],
                condition=Q(voided_at=None),
                name="compliance_examresult_once",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "member", "course"], name="compliance_exam_of_member")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.score}"


class ExamGate(TenantModel):
    """A right that waits for a valid exam: no exam, no right. Ended, it is kept."""

    capability = models.CharField(_("right"), max_length=60)
    course = models.ForeignKey(Course, models.PROTECT, related_name="gates")
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "capability", "course"], condition=Q(ended_at=None), name="compliance_examgate_once"
            )
        ]

    def __str__(self) -> str:
        return self.capability
