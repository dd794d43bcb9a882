"""Make the recordings of AWS and Azure from price lists that others have published.

    python -m tools.make_recordings aws all_gpu_instances.js        (github.com/tsaol/aws-gpu, data/)
    python -m tools.make_recordings azure zz_generated.pricing.go   (github.com/Azure/karpenter-provider-azure)

Writes scrapers/recorded/<provider>.json: the figures of some regions, in the shape of the provider's own answers, with
the list's date.  What is not in the list is left out: spot prices, names of meters.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scrapers.captures import RECORDED
from scrapers.offer import PriceField
from scrapers.providers import aws, azure

Recording = dict[str, Any]
Machines = list[tuple[str, Mapping[str, Any]]]

AWS_REGIONS = {  # with the names that AWS's price files have
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-2": "US West (Oregon)",
    "us-gov-west-1": "AWS GovCloud (US-West)",
    "eu-central-1": "EU (Frankfurt)",
    "eu-north-1": "EU (Stockholm)",
    "eu-west-2": "EU (London)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
}
AZURE_REGIONS = (
    *("eastus", "eastus2", "southcentralus", "westus2", "westus3", "canadacentral", "westeurope", "swedencentral"),
    *("francecentral", "uksouth", "japaneast", "southeastasia", "australiaeast", "centralindia"),
)
_AZURE_OLD = re.compile(r"Standard_(NV\d+a?s_v[34]|NG).*")  # M60, MI25, V620: they would only make the file longer
_AWS_OLD = ("g4ad", "g5g", "p3", "p3dn")
# A region's map, and its lines, in the Go source: initialOnDemandPrices["eastus"] = ... {"Standard_ND96": 27.2, ...}.
_AZURE_REGION = re.compile(r'initialOnDemandPrices\["(\w+)"\] = [^{]+\{(.*?)\n\t\}', re.DOTALL)
_AZURE_PRICE = re.compile(r'"(Standard_N\w+)":\s+([\d.]+)')


def main() -> None:
    """Write one provider's recording from the named file."""
    provider, path = sys.argv[1:]
    made = MAKERS[provider](Path(path).read_text("utf-8"))
    (RECORDED / f"{provider}.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


def aws_recording(text: str) -> Recording:
    """AWS's recording from aws-gpu's JavaScript: on demand, and reserved for a year with nothing upfront."""
    day = _found(r"// Last updated: (\S+)", text)
    machines = [(one["name"], one) for one in json.loads(text[text.index("[") : text.rindex("]") + 1])]
    machines = [(name, one) for name, one in machines if name in aws.TYPES and name.partition(".")[0] not in _AWS_OLD]
    places = {name: {"name": name, "code": code, "type": "AWS Region"} for code, name in AWS_REGIONS.items()}
    return {
        "provider": "aws",
        "recorded_at": f"{day}T00:00:00Z",
        "origin": f"github.com/tsaol/aws-gpu, data/all_gpu_instances.js of {day}, from instances.vantage.sh",
        "origin_url": "https://github.com/tsaol/aws-gpu",
        "licence": "MIT",
        "note": f"The machines with GPUs in {len(AWS_REGIONS)} of the regions, on demand and reserved for a year with "
        "nothing upfront, in the shape of the files that AWS's price pages read; made by tools/make_recordings.py. "
        "The list has no spot prices and none for three years: their files are empty. Its on-demand "
        "prices are the ones after AWS's price cut of June 2025 (aws.amazon.com/blogs/aws/announcing-up-to-45-price-"
        "reduction-for-amazon-ec2-nvidia-gpu-accelerated-instances). All 107 of them that github.com/aws/karpenter-"
        "provider-aws lists too, for North Virginia and GovCloud, were the same there on 20 July 2026.",
        "exchanges": [
            _exchange(aws.PLACES, places),
            _exchange(aws.SPOT, {"config": {"rate": "perhr", "regions": []}}),
            *_aws_files("price", "onDemand", machines),
            *_aws_files("price_1y", "reserved", machines),
            *_aws_files("price_3y", "", machines),
        ],
    }


def _aws_files(field: PriceField, stated: str, machines: Machines) -> Iterator[Recording]:
    for code, place in AWS_REGIONS.items():
        prices = {name: one["pricing"].get(code, {}).get(stated) for name, one in machines}
        entries = {name: {"price": str(price), "Instance Type": name} for name, price in prices.items() if price}
        if field == "price":
            entries = {name: entry | _size(dict(machines)[name]) for name, entry in entries.items()}
        yield _exchange(aws.price_file(field, place), {"regions": {place: entries}})


def _size(machine: Mapping[str, Any]) -> dict[str, str]:
    """A machine's size in AWS's words, with GiB where the list has GB."""
    return {"vCPU": str(machine["vcpu"]), "Memory": machine["memory"].replace("GB", "GiB")}


def azure_recording(text: str) -> Recording:
    """Azure's recording from karpenter-provider-azure's Go: on demand."""
    time = _found(r"// generated at (\S+)", text)
    listed = {region: _AZURE_PRICE.findall(prices) for region, prices in _AZURE_REGION.findall(text)}
    items = [
        _azure_item(size, region, price)
        for region in AZURE_REGIONS
        for size, price in listed[region]
        if size in azure.SIZES and not _AZURE_OLD.fullmatch(size)
    ]
    return {
        "provider": "azure",
        "recorded_at": time,
        "origin": f"github.com/Azure/karpenter-provider-azure, pkg/providers/pricing/zz_generated.pricing.go of {time}",
        "origin_url": "https://github.com/Azure/karpenter-provider-azure",
        "licence": "Apache-2.0",
        "note": f"The machines with GPUs in {len(AZURE_REGIONS)} of the regions, on demand, in the shape of the "
        "retail price API, which it is from; made by tools/make_recordings.py. Names of products and meters, dates, "
        "spot and reserved prices are not in the list and left out. The five lowest prices that "
        "gpurentalprices.com had for A100 and H100 on 22 August 2026 are the lowest here too.",
        "exchanges": [_exchange(azure.FIRST_PAGE, {"BillingCurrency": "USD", "Items": items, "NextPageLink": None})],
    }


def _azure_item(size: str, region: str, price: str) -> Recording:
    return {
        "currencyCode": "USD",
        "retailPrice": float(price),
        "armRegionName": region,
        "serviceName": "Virtual Machines",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "armSkuName": size,
    }


def _exchange(url: str, body: Any) -> Recording:
    return {"method": "GET", "url": url, "status": 200, "content_type": "application/json", "body": body}


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        sys.exit(f"the list has no date: nothing matches {pattern!r}")
    return found[1]


MAKERS: Mapping[str, Callable[[str], Recording]] = {"aws": aws_recording, "azure": azure_recording}

if __name__ == "__main__":
    main()
