"""S3: GetBucketNotificationConfiguration shows that a bucket's events go to EventBridge, which moto leaves out.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
"""

from typing import Any

from moto.s3.responses import S3Response

from sandbox.patches import wrapped

_END = "</NotificationConfiguration>"
_ON = "<EventBridgeConfiguration/>"


def _get(original: Any, self: Any) -> Any:
    status, headers, body = original(self)
    notifications = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if notifications is None or notifications.event_bridge is None:
        return status, headers, body
    text = body.decode() if isinstance(body, bytes) else body
    # If there is only EventBridge, the serializer writes an empty element.
    end = _END if _END in text else "/>"
    text = text.replace(end, f"{_ON}{_END}" if end == _END else f">{_ON}{_END}")
    return status, {**headers, "Content-Length": str(len(text.encode()))}, text


PATCHES = (wrapped(S3Response, "get_bucket_notification", _get, "does not show EventBridgeConfiguration"),)
