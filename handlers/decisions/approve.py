"""A decision on one execution by a signed link, where the policy of its hold may need several."""

from handlers.decisions.policy import decision, may_decide
from handlers.decisions.resume import Outcome, Resumption, Verdict
from handlers.story import Approval, Callback, Story


def decide(resumption: Resumption, story: Story, callback: Callback, callback_id: str) -> Verdict | None:
    """Give the decision of a link to its execution.

    The approval that completes the policy is written together with the decision, in one conditional write, so that no
    crash separates the two.

    Returns:
        The verdict; None where the approval is written, and more are needed.

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
        # Another approval may have come between: at most as often as there are approvers.
        story = now
    return resumption.offer_to(story, callback, callback_id)


def _is_open(story: Story) -> bool:
    return story.callback is None and story.resumed_at is None and story.ended_at is None
