"""Lambda code: each `handler` is a thin entry, its core is pure, and one module talks to each store.

Nothing is built or read from the environment at import, so that a function starts fast, and a test or a second
sandbox can set the environment first. The bundle is this package plus `handlers/requirements.txt`; boto3 comes with
the runtime.
"""
