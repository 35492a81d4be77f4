#!/bin/sh
# Makes scope-bert-sentiment and the model from scratch, after ../run.sh has made scope-bert in BERT_WORK.
#
#     ./run.sh WORK DATA BERT_WORK
#
# PYTHON, STEPS and THREADS can be set in the environment. EARLIER names a folder with earlier versions of scope-bert,
# scope-bert-sentiment and scope-bert-sentiment-scratch: the latter two are trained on, as the shipped ones were.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$1
data=$2
bert_work=$3
python=${PYTHON:-python3}
steps=${STEPS:-4000}
earlier=${EARLIER:-}
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
if [ -n "$earlier" ]; then
    before="--from $earlier/scope-bert"
    "$python" train.py --work "$work" --bert "$bert" --from "$earlier/scope-bert-sentiment" --steps "$steps" --threads "$threads"
    "$python" train.py --work "$work" --bert "$bert" --from "$earlier/scope-bert-sentiment-scratch" --steps "$steps" --threads "$threads" --scratch
else
    before="--bert-work $bert_work"
    "$python" train.py --work "$work" --bert "$bert" --bert-work "$bert_work" --steps "$steps" --threads "$threads"
    "$python" train.py --work "$work" --bert "$bert" --steps "$steps" --threads "$threads" --scratch
fi
"$python" export.py --work "$work" --bert "$bert" --name tuned --model "$tuned"
"$python" export.py --work "$work" --bert "$bert" --name scratch --model "$scratch"
# shellcheck disable=SC2086 -- two words
"$python" evaluate.py --work "$work" --bert "$bert" $before --model "$tuned" --scratch-model "$scratch"
"$python" card.py --work "$work" --model "$tuned" --scratch-model "$scratch"
"$python" ../collect.py
