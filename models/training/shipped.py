"""Writes held-out items that are shipped, an item a line, with a digest of them."""

import hashlib
import json
from pathlib import Path


def write(path: Path, sets: dict[str, list[dict]]) -> None:
    """A line an item; the digest tells whether the items are still those that were drawn."""
    lines = {name: [json.dumps(item, ensure_ascii=False) for item in items] for name, items in sets.items()}
    digest = hashlib.sha256("\n".join(line for each in lines.values() for line in each).encode()).hexdigest()
    body = ",\n".join(f'  "{name}": [\n' + ",\n".join(f"    {line}" for line in each) + "\n  ]" for name, each in lines.items())
    path.write_text(f'{{\n  "sha256": "{digest}",\n{body}\n}}\n', encoding="utf-8")
