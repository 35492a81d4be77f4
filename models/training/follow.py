"""Measures a checkpoint of the last stage on held-out pairs of segments that are not those of the card.

    python follow.py --work FOLDER --model FOLDER [--from FOLDER]

Whatever is chosen about a training is chosen by these, so that the card's pairs decide nothing. With --from, the weights
of a shipped version are measured instead.
"""

import argparse
import json

import torch

from evaluate import Network, following
from export import full
from heldout import other_pairs
from weights import state_of


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoint")
    parser.add_argument("--model", required=True, help="folder with tokenizer.json")
    parser.add_argument("--from", dest="earlier", help="folder of a shipped version")
    args = parser.parse_args()
    torch.set_num_threads(1)
    network, tokenizer = full(args.work, args.model)
    if args.earlier:
        network.load_state_dict(state_of(args.earlier), strict=False)
    pairs = other_pairs(args.work, tokenizer)
    for source in (None, *dict.fromkeys(pair["source"] for pair in pairs)):
        chosen = [pair for pair in pairs if source in (None, pair["source"])]
        print(source or "all", json.dumps(following(Network(network), chosen, lambda ids: ids)), flush=True)


if __name__ == "__main__":
    main()
