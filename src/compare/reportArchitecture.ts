import type { Architecture } from '../protocol/architecture';
import { type Side, isMissing, sides } from '../protocol/compare';
import type { Block } from '../report/document';
import {
  type ReportFacts,
  found,
  missingSentence,
  missingSides,
  notMeasured,
  text,
  valueOf,
} from './reportFacts';
import {
  disagreement,
  kindWords,
  parameterTable,
  parametersOf,
  positionsOf,
  propertyTable,
} from './reportArchitectureTable';
import { comparedCost } from './reportCompute';
import { parametersFigure } from './reportFigures';
import { type Speech, factor } from './reportSpeech';

/** What the two models are made of, what differs, and what that does. */
export function architectureSection(facts: ReportFacts): Block[] {
  const { input, names, architecture, speech } = facts;
  const value = valueOf(input.parts, 'architecture');
  if (!value) {
    return [notMeasured(facts, 'architecture')];
  }
  const columns = [
    ...sides.flatMap((side) => {
      const found = architecture[side];
      return found ? [{ name: names[side], architecture: found }] : [];
    }),
    ...value.others.flatMap((each) => {
      const model = found(each);
      return model ? [{ name: model.name, architecture: model }] : [];
    }),
  ];
  const blocks: Block[] = columns
    .slice(0, sides.filter((side) => architecture[side]).length)
    .map((column) => text(oneModel(column.name, column.architecture, speech)));
  const { left, right } = architecture;
  if (left && right) {
    blocks.push(text(difference(facts, left, right)));
  }
  blocks.push(...missingSides(facts, value));
  if (columns.length > 0) {
    blocks.push({
      kind: 'figure',
      title: speech.say('paramFigure'),
      svg: parametersFigure(columns, speech),
      numbers: speech.say('numbers'),
      table: parameterTable(columns, speech),
    });
    blocks.push({ kind: 'table', ...propertyTable(columns, speech) });
  }
  blocks.push(
    ...value.others
      .filter(isMissing)
      .map((missing) => text(missingSentence(facts, speech.say('theModel'), missing))),
  );
  return blocks;
}

const layerParts = ['attention', 'crossAttention', 'feedForward', 'layerNorms'] as const;

function oneModel(name: string, model: Architecture, speech: Speech): string {
  const { say, percent, count, amount } = speech;
  const total = model.parameters.total;
  const embedding = parametersOf(model, 'tokenEmbedding');
  const attention = parametersOf(model, 'attention', 'crossAttention');
  const feedForward = parametersOf(model, 'feedForward');
  const layers = parametersOf(model, ...layerParts);
  const head = parametersOf(model, 'outputHead');
  const {
    at,
    value,
    attention: inAttention,
    feedForward: inFeedForward,
    embeddingOut: output,
  } = model.flopsPerToken;
  const share = (part: number): string => percent(part / total);
  return speech.paragraph(
    say(
      'archShape',
      name,
      say(kindWords[model.kind][1]),
      model.family,
      model.layers,
      model.numHeads,
      model.headSize,
      count(model.hiddenSize),
      count(model.feedForwardSize),
      model.activation,
      count(model.vocabularySize),
    ),
    model.decoderLayers !== undefined && say('archTwoStacks', model.decoderLayers),
    model.maxTokens === null
      ? say('archUnbounded', positionsOf(model, speech))
      : say('archBounded', positionsOf(model, speech), count(model.maxTokens)),
    total > 0 &&
      say(
        'archParameters',
        count(total),
        amount(embedding),
        share(embedding),
        amount(attention),
        share(attention),
        amount(feedForward),
        share(feedForward),
      ),
    embedding > 0 &&
      layers > 0 &&
      (embedding > layers
        ? say('archMostlyVocabulary', factor(embedding / layers))
        : say('archMostlyLayers', factor(layers / embedding))),
    attention > 0 && feedForward > 0 && say('archFeedForward', factor(feedForward / attention)),
    model.sharedLayers && say('archShared', model.layers, amount(layers), amount(layers * model.layers)),
    model.tiedEmbeddings === true && say('archTied', amount(embedding)),
    model.tiedEmbeddings === false && head > 0 && say('archUntied', amount(head)),
    value > 0 &&
      say(
        'archFlops',
        count(at),
        amount(value),
        percent(inAttention / value),
        percent(inFeedForward / value),
        percent(output / value),
      ),
    total > 0 &&
      say(
        'archFile',
        (model.fileBytes / 1e6).toFixed(1),
        model.weightFormat,
        (model.fileBytes / total).toFixed(1),
      ),
    model.parameters.unplaced > 0 && say('archUnplaced', count(model.parameters.unplaced)),
    model.disagreements.length > 0 &&
      say('archDisagree', model.disagreements.map((each) => disagreement(each, speech)).join('; ')),
  );
}

function difference(facts: ReportFacts, left: Architecture, right: Architecture): string {
  const { say, paragraph } = facts.speech;
  const { names } = facts;
  return paragraph(
    sizeSentence(facts),
    left.causal !== right.causal
      ? say('archMaskDiffers', names[left.causal ? 'right' : 'left'], names[left.causal ? 'left' : 'right'])
      : say(left.causal ? 'archBothCausal' : 'archNeitherCausal'),
    normSentence(facts, left, right),
    left.positions !== right.positions &&
      say(
        'archPositionsDiffer',
        names.left,
        positionsOf(left, facts.speech),
        names.right,
        positionsOf(right, facts.speech),
      ),
    left.tokenTypes > 0 !== right.tokenTypes > 0 &&
      say(
        'archSegments',
        names[left.tokenTypes > 0 ? 'left' : 'right'],
        Math.max(left.tokenTypes, right.tokenTypes),
        names[left.tokenTypes > 0 ? 'right' : 'left'],
      ),
    computeSentence(facts),
  );
}

/** Whether size is the same or a rival explanation; null unless both are known. */
export function sizeSentence({ architecture, names, speech }: ReportFacts): string | null {
  const { left, right } = architecture;
  if (!left || !right) {
    return null;
  }
  if (
    left.layers === right.layers &&
    left.numHeads === right.numHeads &&
    left.hiddenSize === right.hiddenSize
  ) {
    return speech.say('archSameSize', left.layers, left.numHeads, left.hiddenSize);
  }
  const larger: Side = left.parameters.total >= right.parameters.total ? 'left' : 'right';
  const [big, small] = larger === 'left' ? [left, right] : [right, left];
  return speech.say(
    'archOtherSize',
    names[larger],
    factor(big.parameters.total / small.parameters.total),
    names[larger === 'left' ? 'right' : 'left'],
    big.layers,
    small.layers,
    big.hiddenSize,
    small.hiddenSize,
  );
}

function normSentence(
  { names, speech }: ReportFacts,
  left: Architecture,
  right: Architecture,
): string | null {
  const [a, b] = [left.normalization, right.normalization];
  if (a.placement !== b.placement) {
    const [post, pre]: readonly [Side, Side] = a.placement === 'post' ? ['left', 'right'] : ['right', 'left'];
    return speech.say('archNormDiffers', names[post], names[pre], left.layers, right.layers);
  }
  const place = speech.say(a.placement === 'post' ? 'normAfter' : 'normBefore');
  return a.kind === b.kind ? speech.say('archNormSame', a.kind, place) : null;
}

function computeSentence(facts: ReportFacts): string | null {
  const cost = comparedCost(facts);
  return (
    cost &&
    facts.speech.say(
      'archCompute',
      facts.names[cost.more],
      factor(cost.ratio),
      facts.names[cost.less],
      facts.speech.count(cost.tokens),
    )
  );
}
