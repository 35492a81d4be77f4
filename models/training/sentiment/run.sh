#!/bin/sh
# Makes scope-bert-sentiment and the model from scratch, after ../run.sh has made scope-bert in BERT_WORK.
#
#     ./run.sh WORK DATA BERT_WORK
#
# PYTHON, STEPS and THREADS can be set in the environment. The shipped models were not made in one go: earlier versions of
# them were trained on (train.py --from FOLDER --steps 1600), as their cards tell.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$1
data=$2
bert_work=$3
python=${PYTHON:-python3}
steps=${STEPS:-4000}
threads=${THREADS:-2}
models=$here/../..
bert=$models/scope-bert
tuned=$models/scope-bert-sentiment
scratch=$models/scope-bert-sentiment-scratch
export PYTHONDONTWRITEBYTECODE=1

cd "$here"
"$python" data.py --data "$data" --work "$work" --bert-work "$bert_work"
"$python" baseline.py --work "$work"
"$python" examples.py --data "$data" --work "$work" --bert-work "$bert_work"
"$python" train.py --work "$work" --bert "$bert" --steps "$steps" --threads "$threads"
"$python" train.py --work "$work" --bert "$bert" --steps "$steps" --threads "$threads" --scratch
"$python" export.py --work "$work" --bert "$bert" --name tuned --model "$tuned"
"$python" export.py --work "$work" --bert "$bert" --name scratch --model "$scratch"
"$python" evaluate.py --work "$work" --bert "$bert" --model "$tuned" --scratch-model "$scratch"
"$python" card.py --work "$work" --model "$tuned" --scratch-model "$scratch"
"$python" ../collect.py
