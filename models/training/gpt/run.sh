#!/bin/sh
# Makes scope-gpt and scope-gpt-instruct: stream, tokenizer, training, export, figures, fixture, cards.
#
#     ./run.sh WORK DATA
#
# WORK: a scratch folder outside the repository. DATA: the folder with the text archives (see ../README.md).
# A run that was stopped goes on from its checkpoint (PYTHON and MINUTES can be set in the environment).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$1
data=$2
python=${PYTHON:-python3}
minutes=${MINUTES:-55}
items=${ITEMS:-100}
model=$here/../../scope-gpt
export PYTHONDONTWRITEBYTECODE=1
# Large buffers are kept instead of given back and faulted in anew at each step, which halves the time of a step;
# threads that wait sleep, so that the machine can be used for something else.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=8589934592 MALLOC_TOP_PAD_=268435456
export OMP_WAIT_POLICY=passive

cd "$here"
if [ ! -e "$work/gpt-train.npy" ]; then
  "$python" ../data.py --data "$data" --work "$work"
  "$python" ../sentiment/data.py --data "$data" --work "$work/reviews"
  "$python" corpus.py --work "$work" --model "$model"
fi
"$python" train.py --work "$work" --minutes "$minutes" | tee -a "$work/train.log"
"$python" export.py --work "$work" --model "$model"
"$python" evaluate.py --work "$work" --model "$model" --items "$items" >"$work/figures.json"
"$python" golden.py --work "$work" --model "$model" --out "$here/../../../test/fixtures/scopeGpt"
"$python" card.py --work "$work" --model "$model"

instruct=$here/../../scope-gpt-instruct
"$python" instruct.py --work "$work" --model "$model" | tee "$work/instruct.log"
"$python" export.py --work "$work" --model "$instruct" --tokenizer "$model"
"$python" tasks.py --out "$here/../../../media/tasks"
# The figures of the instructed model come from the workbench itself.
(cd "$here/../../.." && npm run evaluate:prompts)
"$python" card.py --work "$work" --model "$instruct" --prompts "$here/../../../out/prompts-scope-gpt-instruct.json"
