"""The published JSON Schemas, read by a library that knows nothing of how they are made."""

import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from generator.site.page_json import KINDS, page_json, schemas
from tests.generator.catalogues import gpu, offer
from tests.generator.site.test_page_json import PAGES, PRICED, made


def schema(kind: str) -> Any:
    return json.loads(schemas()[f"api/v1/schema/{kind}.json"])


@pytest.mark.parametrize(("module", "key", "_", "kind"), PAGES)
def test_a_page_s_json_is_as_its_schema_says(module: Any, key: tuple[str, ...], _: str, kind: str) -> None:
    chip, odd = (
        gpu("a", chip="c"),
        offer("c", "ash", 2, size_stated=False, currency="EUR", original_price_per_hour=Decimal(2)),
    )
    held = json.loads(page_json(made(module, key, *PRICED, chip, gpu("c", kind="chip"), odd)))
    jsonschema.validate(held, schema(kind), jsonschema.Draft202012Validator)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_and_names_every_field(kind: str) -> None:
    described = schema(kind)
    jsonschema.Draft202012Validator.check_schema(described)
    assert set(described["required"]) == set(described["properties"]) - {"licence", "methodology"}


@pytest.mark.parametrize("price", [0.5, "", "2,49", "$2.49", "-1"])
def test_a_price_that_is_no_plain_amount_is_refused(price: Any) -> None:
    held = json.loads(page_json(made(*PAGES[0][:2], *PRICED)))
    held["offers"][0]["on_demand"] = price
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(held, schema("gpu"), jsonschema.Draft202012Validator)
