"""What a start leaves behind is given back, so that a sandbox at rest needs little."""

import ctypes
import gc


def settle() -> None:
    """Collect the garbage of the start, hand its memory back to the system, and let the collector work from here on.

    What the start made stays to the end, so that the collector need never look at it again.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    # The start's large requests and replies leave holes all over the heap, which glibc keeps unless it is asked. Other
    # C libraries have no such function, and give back by themselves.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
