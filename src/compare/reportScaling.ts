import type { Block } from '../report/document';
import { citationText } from './citations';
import { type ReportFacts, text } from './reportFacts';
import { scalingFigure } from './reportFigures';
import { decimals, factor } from './reportSpeech';
import { type ScalingLaw, fittedLoss, scalingLaws } from './scalingLaws';

/** Losses of our own recipe at several sizes, beside the published curves. */
export function scalingSection({ input, speech }: ReportFacts): Block[] {
  const { scaling } = input;
  const { say, paragraph, count, amount } = speech;
  if (!scaling || scaling.sizes.length < 2) {
    return [text(say('scaleNone'))];
  }
  const sizes = [...scaling.sizes].sort((a, b) => a.parameters - b.parameters);
  const [smallest, largest] = [sizes[0]!, sizes.at(-1)!];
  const { a, b, c } = scaling.fit;
  const curve = (size: number): number => fittedLoss(scaling.fit, size);
  const miss = Math.max(...sizes.map((size) => Math.abs(curve(size.nonEmbedding) - size.heldOutLoss)));
  const [kaplan, hoffmann] = [lawOf('kaplanParameters'), lawOf('hoffmann')];
  const rises = sizes.filter(
    (size, index) => index > 0 && size.heldOutLoss >= sizes[index - 1]!.heldOutLoss,
  ).length;
  const ratio = b / (hoffmann.constants['α'] ?? NaN);
  return [
    text(
      paragraph(
        say(
          'scaleSizes',
          sizes.length,
          amount(scaling.tokens),
          amount(smallest.parameters),
          amount(largest.parameters),
          factor(largest.parameters / smallest.parameters),
          decimals(smallest.heldOutLoss),
          decimals(largest.heldOutLoss),
        ),
        rises === 0 ? say('scaleMonotone') : say('scaleNotMonotone', rises, sizes.length - 1),
        say('scaleFit', decimals(a), decimals(b, 3), decimals(c), decimals(miss, 3)),
        say('scaleDouble', decimals(curve(largest.nonEmbedding) - curve(2 * largest.nonEmbedding), 3)),
        say(
          'scalePublished',
          decimals(b, 3),
          String(kaplan.constants['α_N']),
          citationText(kaplan.source),
          String(hoffmann.constants['α']),
          String(hoffmann.constants['E']),
          citationText(hoffmann.source),
        ),
        ratio > 0.8 && ratio < 1.25 ? say('scaleNear') : say('scaleFar', factor(ratio)),
        sizes.length < 8 && say('scaleWeak', sizes.length),
      ),
    ),
    {
      kind: 'figure',
      title: say('scaleFigure'),
      svg: scalingFigure(
        say('scaleFigure'),
        sizes.map((size) => ({ size: size.nonEmbedding, loss: size.heldOutLoss })),
        curve,
        speech,
      ),
      numbers: say('numbers'),
      table: {
        head: [
          say('colLayers'),
          say('colWidth'),
          say('colParameters'),
          say('colNonEmbedding'),
          say('colLoss'),
          say('colFit'),
        ],
        rows: sizes.map((size) => [
          String(size.layers),
          String(size.width),
          count(size.parameters),
          count(size.nonEmbedding),
          decimals(size.heldOutLoss, 3),
          decimals(curve(size.nonEmbedding), 3),
        ]),
      },
    },
  ];
}

function lawOf(name: ScalingLaw['name']): ScalingLaw {
  return scalingLaws.find((law) => law.name === name)!;
}
