import re

import lxml.html
import pytest

from scrapers.parse import GPU_NAME, words_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("rent an RTX 4090 or NVIDIA H100 SXM5 80 GB", ["RTX 4090", "NVIDIA H100 SXM5"]),
        ("Deploy RTX PRO 6000 Blackwell today", ["RTX PRO 6000 Blackwell"]),
        ("RTX A6000, RTX 6000 Ada, RTX 4070 Ti Super", ["RTX A6000", "RTX 6000 Ada", "RTX 4070 Ti Super"]),
        ("NVIDIA GB300 NVL72 and AMD MI300X", ["NVIDIA GB300 NVL72", "AMD MI300X"]),
        ("Tesla V100 SXM2, HGX B200, L40S, T4, A10G", ["Tesla V100 SXM2", "HGX B200", "L40S", "T4", "A10G"]),
        ("24 GB RAM for $0.35 in 2026, 8 vCPUs, EPYC 9554P", []),
    ],
)
def test_gpu_names_are_found_in_running_text(text: str, names: list[str]) -> None:
    assert re.findall(GPU_NAME, text) == names


def test_words_are_those_a_reader_sees() -> None:
    page = lxml.html.document_fromstring("<style>a{}</style><p>A<b>B</b>\n C<!-- x --></p><script>D</script>E")
    assert words_of(page) == "A B C E"
