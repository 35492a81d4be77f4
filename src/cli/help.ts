/** What the command says of itself. English, as the options are. */
export const helpText = `transformer-scope – runs suites of prompts (*.prompts.yaml) on local models, without an editor

  transformer-scope run [FILE or FOLDER …] [options]     asks every way of asking about every test item
  transformer-scope check [FILE or FOLDER …]             says what is wrong with the files, and where

Options of run
  --reporter junit,json,md,html   writes these reports (default: none)
  --out DIR                       into this folder (default: the current one)
  --filter TEXT                   only items whose input contains the text; /…/ is a regular expression
  --strategy NAME,…               only these ways of asking, e.g. zero-shot,few-shot-3
  --model NAME,…                  only these models of the suite
  --limit N                       only the first N items
  --threshold X                   the share of right answers that every way must reach, from 0 to 1,
                                  in place of the suite's own; without either, every answer must be right
  --resume FILE                   takes the answers of an earlier JSON report where they still fit
  --language en|zh                of messages and reports (default: that of the terminal)
  --threads N, --runtime auto|native|wasm, --precision int8|fp32
  --quiet                         no progress and no warnings

Exit code: 0 passed; 1 wrong answers, or fewer right ones than needed; 2 a suite or an option that cannot be
read, or a model that is not there; 130 stopped with Ctrl+C: what was finished is reported.
`;
