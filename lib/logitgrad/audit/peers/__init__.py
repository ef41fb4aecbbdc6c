"""What the audit can measure by name: this library, its naive forms, and the libraries that people use.

Each has a module here, whose ``FUNCTIONS`` maps names of ``FORMS`` to functions of NumPy arrays: losses by the
library's recommended function, gradients by its own differentiation. A library is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any

__all__ = ["PEERS", "Implementation", "Missing", "UnknownImplementation", "implementation"]

Function = Callable[..., Any]

#: Each name with the packages that it needs, under the names by which they are installed.
PEERS: dict[str, tuple[str, ...]] = {
    "logitgrad": (),
    "naive": (),
    "torch": ("torch",),
    "jax": ("jax",),
    "optax": ("jax", "optax"),
    "tensorflow": ("tensorflow",),
    "keras": ("tensorflow", "keras"),
    "keras_compiled": ("tensorflow", "keras"),
    "scipy": ("scipy",),
    "sklearn": ("scikit-learn",),
    "torch_remedy": ("torch",),
    "jax_remedy": ("jax", "optax"),
    "tensorflow_remedy": ("tensorflow",),
    "scipy_remedy": ("scipy",),
}


class Missing(ImportError):
    """A library is not installed; the message says how it would be."""


class UnknownImplementation(ValueError):
    """Nothing that can be measured has the name; the message says what is wrong with it."""


@dataclass(frozen=True)
class Implementation:
    """Functions to measure, each under the name of the form that it is measured against."""

    name: str
    functions: Mapping[str, Function]
    packages: tuple[str, ...] = ()


def implementation(name: str, against: tuple[str, ...] = ()) -> Implementation:
    """Return what a name stands for: one of `PEERS`, or ``module:function`` with what it is measured against.

    Raises Missing where a library is not installed, UnknownImplementation where there is no such thing.
    """
    if ":" in name:
        return _own(name, against)
    if name not in PEERS:
        near = get_close_matches(name, PEERS, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PEERS)}, or module:function"
        raise UnknownImplementation(f"there is no implementation named {name!r}; {hint}")
    try:
        functions = import_module(f".{name}", __name__).FUNCTIONS
    except Exception as error:  # a library may fail in any way while it is loaded
        packages = " ".join(PEERS[name])
        raise Missing(
            f"{name} cannot be measured ({type(error).__name__}: {error}): pip install {packages}"
        ) from error
    return Implementation(name, functions, PEERS[name])


def _own(name: str, against: tuple[str, ...]) -> Implementation:
    """Somebody's own function, found in a module that can be imported."""
    module, _, attribute = name.partition(":")
    if not against:
        raise UnknownImplementation(f"say what {name} is measured against: --against sigmoid_bce.grad")
    try:
        function: Any = import_module(module)
    except Exception as error:
        raise UnknownImplementation(f"{module} cannot be imported: {type(error).__name__}: {error}") from error
    for part in attribute.split("."):
        function = getattr(function, part, None)
    if not callable(function):
        raise UnknownImplementation(f"the module {module} has no function {attribute!r}")
    return Implementation(name, dict.fromkeys(against, function))
