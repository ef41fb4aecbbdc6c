"""A formula as one line of plain text, for where no formula can be drawn: in what the search shows."""

import re
import xml.etree.ElementTree as ElementTree
from xml.etree.ElementTree import Element

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
#: These stand between their two sides, or alone before one: a sign.
SPACED = re.compile(r"\s*([=≠<>≤≥≈→↦+−±∓×⋅∣])\s*")
SIGN = re.compile(r"((?:^|[(\[{,=≠<>≤≥≈→↦/])\s*)([+−±∓]) ")
#: What is read as one thing needs no brackets as a numerator or an exponent.
ONE_THING = re.compile(r"(?:[\w.∞′∂]+|[\w.]*\([^()]*\))(?:\^\w+)?")
#: Between factors that would run into each other, a space.
APPLIED, EDGE = "\u2061", "\u2062"
APART = re.compile(rf"(?<=[\w)′∞]){EDGE}+(?=[\w∂∑√])")


def plain(mathml: str) -> str:
    """The formula of a ``<math>`` element.

    >>> e, z = "<mi>e</mi>", "<mrow><mo>−</mo><mi>z</mi></mrow>"
    >>> plain(f"<math><mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo><msup>{e}{z}</msup></mrow></mfrac></math>")
    '1/(1 + e^(−z))'
    """
    text = _line(ElementTree.fromstring(mathml))
    text = APART.sub(" ", text).replace(EDGE, "")
    text = SPACED.sub(r" \1 ", text.replace(",", ", "))
    text = SIGN.sub(r"\1\2", text)
    return re.sub(r"(?<=[(\[]) | (?=[)\],])", "", " ".join(text.split()))


def _line(element: Element) -> str:
    parts = [_line(part) for part in element]
    match element.tag.removeprefix(NAMESPACE), parts:
        case "annotation", _:
            return ""
        case "mspace", _:
            return " "
        case "mo", _ if element.text == APPLIED:
            return EDGE
        case "mi" | "mo", _ if element.text and element.text.isalpha() and len(element.text) > 1:
            return f"{EDGE}{element.text}"
        case "mfrac", [above, below]:
            return f"{EDGE}{_one(above)}/{_one(below)}{EDGE}"
        case "msup", [base, power] if set(power) == {"′"}:
            return f"{base}{power}"
        case "msup", [base, power]:
            return f"{_bare(base)}^{_one(power) if '_' not in power else f'({power})'}{EDGE}"
        case "msub" | "munder", [base, index]:
            return f"{_bare(base)}_{_one(index)}{EDGE}"
        case "msubsup" | "munderover", [base, index, power]:
            return f"{_bare(base)}_{_one(index)}^{_one(power)}{EDGE}"
        case "msqrt", _:
            return f"√({''.join(parts)})"
        case "mroot", [base, degree]:
            return f"{_one(base)}^(1/{degree})"
        case "mtr" | "mtable", _:
            return " ".join(parts)
        case _:
            return (element.text or "") + "".join(parts)


def _bare(text: str) -> str:
    return text.strip(EDGE)


def _one(text: str) -> str:
    text = APART.sub(" ", text.strip()).replace(EDGE, "")
    return text if ONE_THING.fullmatch(text) else f"({text})"
