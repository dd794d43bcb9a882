from generator.catalogue import slices, words
from generator.catalogue.catalogue import _LISTS, _TABLES
from generator.pages.registry import page_types


def test_every_slice_of_a_table_has_words():
    read = {name for table, (_, always) in _TABLES.items() for name in (table, *always)}
    read |= {name for own in _LISTS.values() for name in own}
    assert read <= words.TABLES.keys()


def test_every_aggregate_says_in_its_docstring_what_it_is():
    page_types()  # imports all views
    silent = [name for name, view in slices._VIEWS.items() if view.is_aggregate and words.in_words(name) == name]
    assert silent == []


def test_a_slice_is_named_with_what_it_is_of():
    assert words.in_words("offers_by_gpu:h100-sxm") == "offers by GPU: h100-sxm"
    assert words.in_words("gpus.gpu_paths") == "Where each GPU is shown"
    assert words.in_words("providers:") == "facts about a provider: none"
    assert words.in_words("views.retired:a") == "views.retired: a"
