"""pytest imports a module that it is given by its path without asking whether its package has done so already.

Were these packages not imported before, their modules would run twice: a theorem would be stated twice, a figure
would be registered in a dictionary that nobody reads.
"""

import logitgrad.audit
import logitgrad.figures
import logitgrad.symbolic  # noqa: F401
