import type { CellResult, LabelScore } from '../protocol/prompts';
import {
  type Shape,
  fields,
  figure,
  flag,
  listOf,
  maybe,
  oneOf,
  orNull,
  text,
  whole,
} from '../protocol/shape';

const failure = orNull(oneOf(['empty', 'format', 'wrong', 'cut', 'error']));
const pass = orNull(flag);

/** An answer as a study's file or a report of a suite has it: both may come from anybody. */
export const cellResult: Shape<CellResult> = fields<CellResult>({
  strategy: text(200),
  item: whole(-1),
  model: text(1000),
  repeat: maybe(whole(0, 1000)),
  fingerprint: text(200),
  promptHash: maybe(text(200)),
  output: text(),
  answer: orNull(text()),
  pass,
  failure,
  formatKept: orNull(flag),
  finish: text(100),
  numPromptTokens: figure,
  numNewTokens: figure,
  milliseconds: figure,
  meanBits: orNull(figure),
  labelScores: maybe(
    listOf(
      fields<LabelScore>({
        label: text(),
        perToken: figure,
        logLikelihood: figure,
        calibrated: maybe(figure),
      }),
    ),
  ),
  price: maybe(figure),
  error: maybe(text()),
  judged: maybe(flag),
  scored: maybe(fields<NonNullable<CellResult['scored']>>({ pass, failure })),
  score: maybe(figure),
  baseline: maybe(figure),
});
