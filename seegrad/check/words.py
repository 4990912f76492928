"""Every sentence that a checker says, in one place, ready to be translated."""

RIGHT = "✓ {name}: right"
RIGHT_ON = "✓ {name}: right on {count} inputs"
NOT_YET = "✗ {name}: not right yet"
NOT_ATTEMPTED = "not attempted yet: {name}"

EXPECTED = "  expected  {text}"
GOT = "  got       {text}"
INPUTS = "  for       {text}"
WHERE = "  largest difference {gap}{place}: expected {want}, got {got}"
AT = " at {index}"
ARGUMENT = "argument {number}"
HINT = "  → {text}"

A_TENSOR = "a tensor of shape {shape}, {dtype}"
KINDS = {
    "number": "a number",
    "truth": "True or False",
    "text": "a text",
    "nothing": "None",
    "mapping": "a dictionary",
}
A_LIST = "{type} of length {count}"
OTHER_SHAPE = "  The shape differs: expected {want}, got {got}."
WOULD_BROADCAST = "  The numbers would broadcast, which is why no error told you."
OTHER_DTYPE = "  The dtype differs: expected {want}, got {got}."
OTHER_KIND = "  The type differs: expected {want}, got {got}."
NOTHING = "  Nothing was returned. Does the function end with `return`?"
OTHER_LENGTH = "  The length differs: expected {want}, got {got}."
NOT_A_NUMBER = "  There is nan in the answer{place}."
IN_PART = "  In part {index}:"
OTHER_GRAPH = "  The value is right, but the graph is another one."
EXPECTED_GRAPH = "  Expected the graph"
GOT_GRAPH = "  got the graph"
NO_GRAPH = "a tensor without a graph"

INPUT_CHANGED = {
    "value": "  The call changed the input `{name}` itself.",
    "requires_grad": "  The call changed `{name}.requires_grad`.",
    "grad": "  The call left another `{name}.grad` behind.",
}
LEAVE_INPUTS = "  Work on a copy, such as `{name}.detach().clone()`."

TIME_LIMIT = "  Stopped at the time limit of {seconds:g} s. Is there a loop that never ends?"
WAS_AT = "  It was at line {line}: {code}"
STILL_RUNNING = "  It could not be stopped. Restart the kernel before you go on."
EXITED = "  The answer ended the program ({error}). Return a value instead."
RAISED_IN = "{name} raised this for {text}"
RAISED_PLAIN = "{name} raised this"

UNKNOWN_OPTION = "  Expected one of {options}, got {got}."
SEVERAL_OPTIONS = "  Expected a collection of {options}, got {got}."
NOT_THIS_OPTION = "  Your choice was {got}. That is not what PyTorch does."
ORDER_FORM = "  Expected each of the letters {letters} once, got {got}."
ORDER_STOPS = "  Line {label}, `{code}`, stops with {error}: {message}"
ORDER_GIVES = "  All lines run, but `{name}` is not right at the end."
NO_ERROR = "  Expected {error}, but nothing was raised."
OTHER_ERROR = "  Expected {error}, got {got}: {message}"
OTHER_MESSAGE = "  {error} was raised, but its message lacks {says!r}: {message}"

LOCKED = "the checkers cannot be changed: {module}.{name}"
