from __future__ import annotations

from pathlib import Path

import yaml

from connectors.static_portal import words

TEXT = Path(words.__file__).with_name("words.yaml").read_text(encoding="utf-8")


def test_no_word_is_written_twice() -> None:
    tree = yaml.compose(TEXT)
    assert isinstance(tree, yaml.MappingNode)
    for _, section in tree.value:
        keys = [key.value for key, _ in section.value]
        assert sorted(key for key in set(keys) if keys.count(key) > 1) == []
