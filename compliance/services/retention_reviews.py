"""The review of longer periods: each is confirmed with a new basis and day, or lapses to what the law asks for.

Either is a new version of the policy, published at once; what was published before stands as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import RetentionPolicy
from carloan.compliance.policies.retention import Rule, without_longer
from carloan.compliance.selectors.retention import policy_in_force, reviews_due, rules_of, said
from carloan.compliance.services.retention import (
    MANAGE,
    RuleKey,
    policy_change,
    policy_draft,
    policy_publish,
    rule_keys,
)
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.tenancy import tenant_atomic


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decides about one longer period; a confirmed one has a basis and the day of its next review."""

    confirmed: bool
    basis: str = ""
    review_on: date | None = None


def reviews_decide(
    *, actor: Actor, policy: RetentionPolicy, verdicts: Mapping[RuleKey, Verdict], note: str
) -> RetentionPolicy:
    """Publish a version in which the reviewed periods stand as decided; it counts from today.

    Raises Forbidden without the right, Conflict when `policy` is not in force any more or somebody has a draft, Invalid
    for a confirmation without basis and day, for one that is overdue and left open, and when nothing was decided.
    """
    actor.require(MANAGE)
    today = timezone.localdate()
    with tenant_atomic():
        current = policy_in_force(today)
        if current is None or current.id != policy.id:
            raise Conflict
        due = {(each.rule.record_class, each.rule.trigger): each for each in reviews_due(current, today)}
        decided = {key: verdict for key, verdict in verdicts.items() if key in due}
        if not decided:
            raise Invalid(_("Decide about at least one of them."))
        draft = policy_draft(actor=actor)
        known = rules_of(draft)
        rules = {(each.code, trigger): said(known[each.code, trigger]) for each, trigger in rule_keys()}
        for key, verdict in decided.items():
            if verdict.confirmed:
                rules[key] = Rule(span=rules[key].span, basis=verdict.basis, review_on=verdict.review_on)
            else:
                rules[key] = Rule(span=without_longer(rules[key].span, due[key].floors))
        draft = policy_change(
            actor=actor,
            policy=draft,
            revision=draft.revision,
            effective_on=today,
            cooling_days=current.cooling_days,
            note=note,
            rules=rules,
        )
        return policy_publish(actor=actor, policy=draft, revision=draft.revision)
