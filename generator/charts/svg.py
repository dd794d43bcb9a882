"""SVG elements as text, with everything in them escaped."""

import re
from decimal import Decimal
from html import escape
from typing import TypeAlias

Value: TypeAlias = str | int | float | Decimal | None
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Text escaped for an element or an attribute; characters that XML forbids are left out."""
    return escape(_NOT_XML.sub("", text), quote=True)


def tag(name: str, *children: str, **attributes: Value) -> str:
    """One element.  Children are SVG already; attributes are escaped, left out where None, and `_` becomes `-`."""
    named = "".join(f' {_attribute(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{named}>{''.join(children)}</{name}>" if children else f"<{name}{named}/>"


def text(words: str, x: Value, y: Value, **attributes: Value) -> str:
    """A line of text, its words escaped."""
    return tag("text", clean(words), x=x, y=y, **attributes)


def chart(kind: str, title: str, description: str, height: int, *children: str) -> str:
    """The outer element: as wide as its box, `height` pixels high, with a title and description for screen readers."""
    return tag(
        "svg",
        tag("title", clean(title)),
        tag("desc", clean(description)),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"chart chart-{kind}",
        role="img",
        width="100%",
        height=height,
    )


def shortened(words: str, most: int) -> str:
    """A label cut to `most` characters, to fit a chart on a phone; the chart's table has it in full."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def part(of_width: Decimal | float) -> str:
    """A share of the width, 0 to 1: "37.5%"."""
    return number(of_width * 100, 2) + "%"


def number(value: Decimal | float, places: int = 1) -> str:
    """A coordinate, without trailing zeros."""
    shown = f"{value:.{places}f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown == "-0" else shown


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-") if name != "viewBox" else name


def _value(value: Value) -> str:
    if isinstance(value, float | Decimal):
        return number(value)
    return clean(str(value))
