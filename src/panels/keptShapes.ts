import type { SelectedText } from '../host/selectedText';
import {
  type Shape,
  either,
  fields,
  flag,
  index,
  listOf,
  maybe,
  oneOf,
  text,
  whole,
} from '../protocol/shape';
import type { Compared } from './attentionComparison';
import type { AskedAgain, CompareRequest } from './compareSession';
import type { HistoryContent, KeptAttention, KeptComparison } from './historyEntry';
import { modelSource } from './messageShape';

/** What is kept over a restart. Another version may have written it, or anybody who can write into its folder. */

type Pair = NonNullable<SelectedText['pair']>;

const selectedText = fields<SelectedText>({
  text: text(200_000),
  wasCut: flag,
  uri: text(10_000),
  offset: index,
  name: text(1000),
  pair: maybe(fields<Pair>({ firstEnd: index, secondStart: index, secondOffset: index })),
  startLine: index,
  endLine: index,
});
const address = text(10_000);
const reads = oneOf(['text', 'picture']);

const subject = either<KeptAttention['subject']>(
  fields({ text: selectedText }),
  fields({ picture: address }),
);

const compared = either<Compared>(
  fields<Extract<Compared, { with: 'model' }>>({ with: oneOf(['model']), model: modelSource, reads }),
  fields<Extract<Compared, { with: 'text' }>>({
    with: oneOf(['text']),
    text: text(200_000),
    second: maybe(text(200_000)),
  }),
  fields<Extract<Compared, { with: 'picture' }>>({ with: oneOf(['picture']), uri: address }),
);

const request = fields<CompareRequest>({
  text: selectedText,
  models: fields({ left: modelSource, right: modelSource }),
  others: listOf(modelSource, 100),
});

const asked = fields<AskedAgain>({
  blank: maybe(index),
  seed: whole(0),
  replaceSeed: maybe(whole(0)),
  question: maybe(text(200_000)),
});

/** What a restored panel shows again. */
export interface RememberedAttention {
  readonly subject: KeptAttention['subject'];
  readonly compared?: Compared;
}

export const rememberedAttention: Shape<RememberedAttention> = fields<RememberedAttention>({
  subject,
  compared: maybe(compared),
});

/** What the page of two models opens with; absent parts were too long to be kept. */
export interface RememberedComparison {
  readonly notes: string;
  readonly request?: CompareRequest;
  readonly asked?: AskedAgain;
}

export const rememberedComparison: Shape<RememberedComparison> = fields<RememberedComparison>({
  notes: text(),
  request: maybe(request),
  asked: maybe(asked),
});

export const historyContent: Shape<HistoryContent> = either<HistoryContent>(
  fields<KeptAttention>({
    kind: oneOf(['attention']),
    subject,
    model: modelSource,
    compared: maybe(compared),
  }),
  fields<KeptComparison>({ kind: oneOf(['comparison']), request, notes: text(), asked: maybe(asked) }),
);
