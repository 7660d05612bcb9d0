"""A decision on one execution through a signed link; the hold's policy may need several approvals."""

from handlers.decisions.policy import decision, may_decide
from handlers.decisions.resume import Outcome, Resumption, Verdict
from handlers.story import Approval, Callback, Story


def decide(resumption: Resumption, story: Story, callback: Callback, callback_id: str) -> Verdict | None:
    """Apply the decision of a link to its execution.

    One conditional write stores the last approval together with the decision, so that no crash separates the two.

    Returns:
        The verdict; None if the approval is stored and more are needed.

    Raises:
        TransientError: AWS is out of reach; the same call may work in a moment.
    """
    address = callback.decider or ""
    while callback.status == "success" and story.approvers and may_decide(story, callback) and _is_open(story):
        if address in story.approvals:
            return None
        approval = Approval(at=callback.completed_at, comment=callback.message)
        complete = decision(story, {**story.approvals, address: approval}, callback)
        now = resumption.stories.put_approval(story, address, approval, complete, callback_id)
        if now is None:
            return Verdict(Outcome.NOT_FOUND)
        # Another approval may have been stored in between, at most once for each approver.
        story = now
    return resumption.offer_to(story, callback, callback_id)


def _is_open(story: Story) -> bool:
    return story.callback is None and story.resumed_at is None and story.ended_at is None
