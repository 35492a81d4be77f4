"""Milliseconds of a forward pass of BERT-base and GPT-2-small with all attention, in PyTorch eager: medians.

Arguments: model type, threads, rounds, lengths (comma separated). Prints one JSON line: {length: milliseconds}.
"""

import json
import statistics
import sys
import time

import torch
import transformers


def main(model_type: str, threads: str, rounds: str, lengths: str) -> None:
    torch.set_num_threads(int(threads))
    config = {"bert": transformers.BertConfig, "gpt2": transformers.GPT2Config}[model_type]()
    config._attn_implementation = "eager"
    model = transformers.AutoModel.from_config(config).eval()
    result = {}
    for length in map(int, lengths.split(",")):
        ids = torch.arange(length)[None] * 37 % 7000 + 5
        times = []
        for _ in range(int(rounds) + 1):
            begin = time.perf_counter()
            with torch.inference_mode():
                attentions = model(ids, output_attentions=True).attentions
            times.append(1000 * (time.perf_counter() - begin))
        assert len(attentions) == 12 and attentions[0].shape == (1, 12, length, length)
        result[length] = statistics.median(times[1:])
    print(json.dumps(result))


main(*sys.argv[1:])
