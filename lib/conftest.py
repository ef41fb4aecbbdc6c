"""What pytest leaves out, and what it has to know beforehand, when it runs the examples of the library.

The adapters are left out: they import libraries that need not be installed.

The packages are imported first. pytest imports a module that it is given by its path even where its package has
just done so; then the module runs twice, and a theorem is stated twice.
"""

import logitgrad.audit
import logitgrad.figures
import logitgrad.symbolic  # noqa: F401

collect_ignore_glob = ["logitgrad/audit/peers/[a-z]*.py"]
