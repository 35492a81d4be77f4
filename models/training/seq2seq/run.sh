#!/bin/sh
# Makes scope-seq2seq: tokenizer, training, export, figures, fixture, card. No texts are needed: the
# sentence pairs come from a grammar.
#
#     ./run.sh WORK
#
# WORK: a scratch folder outside the repository. A run that was stopped goes on from its checkpoint
# when it is started again (PYTHON and STEPS can be set in the environment).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$1
python=${PYTHON:-python3}
steps=${STEPS:-6500}
model=$here/../../scope-seq2seq
export PYTHONDONTWRITEBYTECODE=1

cd "$here"
"$python" tokenizer.py --model "$model"
"$python" train.py --work "$work" --model "$model" --steps "$steps" --resume
"$python" export.py --work "$work" --model "$model"
"$python" evaluate.py --work "$work" --model "$model"
"$python" golden.py --work "$work" --model "$model" --out "$here/../../../test/fixtures/scopeSeq2seq"
"$python" card.py --work "$work" --model "$model"
