"""The release document, which the state machine reads from S3, and the JSONata that lists its errors."""

from asl.states import jsonata

MAX_DOCUMENT_BYTES = 200 * 1024
"""A result over 256 KiB fails its state with `States.DataLimitExceeded`, which `States.ALL` does not match. The object
is read up to one byte over this, so that a larger one is refused with a reason instead.

The result holds the object as a JSON string: a quote, a backslash and a line break take two bytes there, so that a
document of many short texts exceeds 256 KiB from about 130 KiB on. `States.ALL` does not match the error; a Catch that
names it catches it for the result of a task. If AWS ends the execution all the same, the recorder records why.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""

TOO_MUCH_ONCE_ESCAPED = (
    "more than a state can hold, 256 KiB, once its quotes, backslashes and line breaks are escaped: make it shorter"
)

RANGE = f"bytes=0-{MAX_DOCUMENT_BYTES}"

MAX_KEY_LENGTH = 1024
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html (in bytes; no more characters fit in)"""

MAX_STORY_LENGTH = 255
"""The longest story key that the callback API accepts. A release with a longer one would wait in vain."""

# S3 accepts control characters, but answers in XML, which cannot hold them: its error would be unreadable.
INPUT_FILE_IS_A_KEY = rf"""(
    $type($states.input.inputFile) = 'string'
    and $length($states.input.inputFile) > 0
    and $length($states.input.inputFile) <= {MAX_KEY_LENGTH}
    and $not($contains($states.input.inputFile, /[\x00-\x1F\x7F-\x9F\uFFFE\uFFFF]/))
)"""

# Only a bucket's name is allowed here: no path, and no ARN of another resource.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_IS_A_NAME = """(
    $exists($states.input.bucket) ? (
        $type($states.input.bucket) = 'string'
        and $match($substring($states.input.bucket, 0, 64), /[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/)[0].match
            = $states.input.bucket
    ) : true
)"""

# In JSONata, a comparison with undefined is false, also with `!=`: so each condition is positive, inside `$not`.
_PARSED = f"""
    $tooLarge := $states.result.ContentLength > {MAX_DOCUMENT_BYTES};
    $document := $tooLarge ? {{}} : $parse($states.result.Body);
"""

# The first match must be the whole string: `$` also matches before a final newline in some regex engines. Only the
# beginning is searched, because a search of a long text would take very long.
_STORY_IS_A_KEY = f"""(
    $type($document.jiraStoryId) = 'string'
    and $match($substring($document.jiraStoryId, 0, {MAX_STORY_LENGTH}), /[A-Z][A-Z0-9_]+-[1-9][0-9]*/)[0].match
        = $document.jiraStoryId
)"""

_PACKAGES_ARE_STRINGS = """(
    $type($document.packageIds) = 'array'
    and $count($document.packageIds) > 0
    and $count($filter($document.packageIds, function($id) { $type($id) = 'string' and $length($id) > 0 }))
        = $count($document.packageIds)
)"""

PROBLEMS = jsonata(f"""(
    {_PARSED}
    $tooLarge ? ['the document is larger than {MAX_DOCUMENT_BYTES} bytes']
    : $type($document) = 'object' ? [
        $not({_STORY_IS_A_KEY}) ? 'jiraStoryId must be the key of a Jira issue, such as PROJ-123',
        $not({_PACKAGES_ARE_STRINGS}) ? 'packageIds must be a list of one or more non-empty strings',
        $exists($document.metadata) and $not($type($document.metadata) = 'object') ? 'metadata must be an object'
    ]
    : ['the document must be a JSON object with jiraStoryId, packageIds and metadata']
)""")
"""Problems of the document that `s3:getObject` read, one sentence each; an empty list if there are none."""

STORY = jsonata(f"({_PARSED} $type($document.jiraStoryId) = 'string' ? $document.jiraStoryId : null)")
PACKAGE_IDS = jsonata(f"({_PARSED} $type($document.packageIds) = 'array' ? $document.packageIds : [])")
METADATA = jsonata(f"({_PARSED} $type($document.metadata) = 'object' ? $document.metadata : {{}})")
