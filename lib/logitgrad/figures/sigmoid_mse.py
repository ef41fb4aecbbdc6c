"""Sigmoid and squared error: the product that vanishes where the neuron is most wrong."""

from matplotlib.figure import Figure
from sympy import Expr, Symbol, diff, latex, simplify, solve

from .canvas import figure, write
from .curves import derivative
from .definitions import SIGMOID_SLOPE, SQUARED_ERROR, p, y
from .sigmoid_bce import factors


@figure(
    "Two factors and their product against the output p, for the squared error and targets 0 and 1. The "
    "loss's derivative never exceeds 1 in size, the sigmoid's slope falls to 0 at both ends, so the "
    "product vanishes where the output is most wrong; it is largest, 4/27, at an output two thirds of the "
    "way to the wrong end."
)
def two_factors_mse(
    loss: Expr = SQUARED_ERROR, slope: Expr = SIGMOID_SLOPE, p: Symbol = p, y: Symbol = y
) -> Figure:
    """Nothing makes up for the factor that goes to 0: the gradient dies where it is needed most."""
    fig = factors(loss, slope, p, y, reach=1)
    for target, ax in enumerate(fig.axes):
        where, size = peak(simplify(derivative(loss, p).subs(y, target) * slope), p)
        ax.plot(float(where), float(size), "o", color=ax.lines[2].get_color())
        write(ax, float(where), float(size) - 0.09, f"${latex(size, fold_short_frac=True)}$")
    return fig


def peak(expr: Expr, p: Symbol) -> tuple[Expr, Expr]:
    """Where between 0 and 1 the expression is largest in size, and its value there."""
    inside = [point for point in solve(diff(expr, p), p) if 0 < point < 1]
    where = max(inside, key=lambda point: abs(expr.subs(p, point)))
    return where, expr.subs(p, where)
