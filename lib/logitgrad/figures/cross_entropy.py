"""Cross-entropy against the prediction: its minimum is the target, and the entropy is what remains there."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sympy import Expr, Rational, Symbol, latex, solve

from ..symbolic.calculus import ground
from .canvas import FAINT, blank, figure, write
from .curves import between, derivative, evaluate
from .definitions import CROSS_ENTROPY, p, y

OUTPUTS = between(0, 1)
LABELS = {Rational(1, 10): (0.26, 0.22), Rational(1, 4): (0.13, 0.79), Rational(1, 2): (0.29, 0.98)}
MARKED = Rational(1, 4)
FAR = Rational(4, 5)


@figure(
    "Cross-entropy H(y, p) against the prediction p for targets 1/10, 1/4 and 1/2, each with its minimum "
    "at p = y. The minima lie on the entropy H(p), a dome from 0 up to ln 2 at one half and back to 0. "
    "The height of a curve above its own minimum is the Kullback-Leibler divergence, marked for the "
    "target 1/4."
)
def entropy_and_kl(cross_entropy: Expr = CROSS_ENTROPY, p: Symbol = p, y: Symbol = y) -> Figure:
    """The best prediction is the target itself, and even then the loss is the target's entropy, not 0."""
    fig, (ax,) = blank(height=4.8)
    cross_entropy = ground(cross_entropy)
    for target, place in LABELS.items():
        _bowl(ax, cross_entropy.subs(y, target), p, f"$y = {latex(target, fold_short_frac=True)}$", place)
    entropy = evaluate(cross_entropy.subs(y, p), p, OUTPUTS)
    ax.plot(OUTPUTS, entropy, color=FAINT, linestyle="-", linewidth=1.6)
    write(ax, 0.6, 0.38, "entropy $H(p)$", FAINT)
    _divergence(ax, cross_entropy.subs(y, MARKED), p, MARKED)
    ax.set(xlabel="prediction $p$", ylabel="cross-entropy $H(y, p)$ (nats)", xlim=(0, 1), ylim=(0, 2))
    return fig


def _bowl(ax: Axes, loss: Expr, p: Symbol, name: str, place: tuple[float, float]) -> None:
    (line,) = ax.plot(OUTPUTS, evaluate(loss, p, OUTPUTS))
    (best,) = solve(derivative(loss, p), p)
    ax.plot(float(best), float(loss.subs(p, best)), "o", color=line.get_color())
    write(ax, *place, name, line.get_color())


def _divergence(ax: Axes, loss: Expr, p: Symbol, target: Expr) -> None:
    """An arrow from a curve's minimum up to the curve, at a prediction far from the target."""
    low, high = float(loss.subs(p, target)), float(loss.subs(p, FAR))
    ax.plot([float(target), float(FAR)], [low, low], color=FAINT, linestyle=":", linewidth=1.4)
    ax.annotate("", (FAR, high), (FAR, low), arrowprops={"arrowstyle": "<->", "color": FAINT, "linewidth": 1.4})
    write(ax, float(FAR) + 0.02, low + 0.13, r"$\mathrm{KL}(y\,\|\,p)$", ha="left")
