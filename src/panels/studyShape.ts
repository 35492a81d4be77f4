import {
  type Answer,
  type AskedModel,
  type CellAddress,
  type EditorModel,
  type Example,
  type FormatSpec,
  type Frame,
  type Item,
  type JudgeModel,
  type LocalModel,
  type SamplingChoice,
  type Scorer,
  type ServedModel,
  type Strategy,
  type Study,
  type Task,
  mostRepeats,
  scorerKinds,
  taskKinds,
} from '../protocol/prompts';
import {
  type Shape,
  either,
  fields,
  flag,
  json,
  listOf,
  maybe,
  number,
  oneOf,
  record,
  text,
  whole,
} from '../protocol/shape';
import { language } from './messageShape';

/** A study as a page sends it; the ranges are those that its file may have (`prompts/studyFile.ts`). */

export const cellAddress: Shape<CellAddress> = fields<CellAddress>({
  strategy: text(200),
  item: whole(-1),
  model: text(1000),
  repeat: maybe(whole(0, mostRepeats)),
});

const answer = either<Answer>(text(), record(either<string | number>(text(), number(-1e308, 1e308)), 1000));

const model = either<AskedModel>(
  fields<ServedModel>({
    id: text(1000),
    provider: oneOf(['server']),
    endpoint: text(100),
    model: text(1000),
    api: oneOf(['chat', 'completions']),
  }),
  fields<EditorModel>({ id: text(1000), provider: oneOf(['editor']), model: text(1000) }),
  fields<LocalModel>({ id: text(1000), folder: text(4000), provider: maybe(oneOf(['local'])) }),
);

const frame = fields<Frame>({
  inputLabel: text(),
  outputLabel: text(),
  gap: text(),
  answerForm: text(),
  reasonCue: text(),
  template: text(),
});

const format = fields<FormatSpec>({
  instruction: text(),
  jsonKey: text(),
  schema: maybe(json(1_000_000) as Shape<NonNullable<FormatSpec['schema']>>),
});

const scorer = fields<Scorer>({
  kind: oneOf(scorerKinds),
  pattern: maybe(text()),
  threshold: maybe(number(-1, 1)),
  calibration: maybe(oneOf(['none', 'contextual', 'pmi'])),
  judge: maybe(fields<JudgeModel>({ model, prompt: text() })),
  expression: maybe(text()),
  vote: maybe(flag),
});

const task = fields<Task>({
  kind: oneOf(taskKinds),
  language,
  instruction: text(),
  role: text(),
  format,
  frame,
  labels: listOf(text()),
  examples: listOf(fields<Example>({ input: text(), output: answer, reasoning: maybe(text()) })),
  exampleChoice: oneOf(['first', 'random', 'balanced', 'nearest']),
  items: listOf(fields<Item>({ input: text(), expected: maybe(answer) })),
  scorer,
});

const sampling = fields<SamplingChoice>({
  temperature: number(0, 5),
  topK: number(0, 1e6),
  topP: number(0, 1),
  minP: number(0, 1),
  repetitionPenalty: number(0.1, 10),
  maxNewTokens: number(1, 4096),
  seed: number(0, 2 ** 32 - 1),
  stop: listOf(text(), 1000),
});

export const study: Shape<Study> = fields<Study>({
  id: text(64),
  title: text(),
  input: text(),
  task,
  strategies: listOf(fields<Strategy>({ shots: whole(0), reasoning: flag, role: flag, format: flag }), 1000),
  models: listOf(model, 1000),
  sampling,
  edited: record(text()),
  repeats: maybe(whole(1, mostRepeats)),
});
