"""The policy of a hold: which callbacks may decide, and how many approvals make a decision."""

from collections.abc import Mapping

from handlers.story import Approval, Callback, Story


def may_decide(story: Story, callback: Callback) -> bool:
    """Return whether a callback may decide, alone or as one of several approvals.

    If the hold names approvers, only a link that was made for one of them may decide: a body's claim about its sender
    grants nothing. Otherwise every authenticated caller may decide, but the requester may not approve.
    """
    if story.approvers:
        return callback.identity == "signed-link" and callback.decider in story.approvers
    is_own = bool(story.requester) and _folded(callback.decider) == _folded(story.requester)
    return callback.status == "failure" or story.requester_may_approve or not is_own


def decision(story: Story, approvals: Mapping[str, Approval], last: Callback) -> Callback | None:
    """Return the decision that these approvals make (`last` is the latest); None while some are missing."""
    if len(approvals) < story.approvals_needed:
        return None
    if len(approvals) == 1:
        return last
    by_time = sorted(approvals.items(), key=lambda each: each[1].at)
    return Callback(
        jira_story_id=last.jira_story_id,
        status=last.status,
        message="; ".join(f"{address}: {approval.comment}" for address, approval in by_time),
        completed_at=last.completed_at,
        channel=last.channel,
        decider=", ".join(address for address, _ in by_time),
        identity=last.identity,
    )


def _folded(name: str | None) -> str:
    return (name or "").strip().casefold()
