import type { ScalingCurve } from '../protocol/comparePage';
import type { Block } from '../report/document';
import { type ReportFacts, text } from './reportFacts';
import { scalingFigure } from './reportFigures';
import { decimals, factor } from './reportSpeech';

/** Exponent of the parameters in Hoffmann et al. 2022, appendix D.3; the form of the curve is ours. */
const publishedExponent = 0.34;

type Counted = 'parameters' | 'nonEmbedding';

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
  const counted = countedBy(scaling);
  const curve = (size: number): number => a * size ** -b + c;
  const miss = largestMiss(scaling, counted);
  const rises = sizes.filter(
    (size, index) => index > 0 && size.heldOutLoss >= sizes[index - 1]!.heldOutLoss,
  ).length;
  const ratio = b / publishedExponent;
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
        say(
          'scaleFit',
          decimals(a),
          decimals(b, 3),
          decimals(c),
          say(counted === 'parameters' ? 'scaleWith' : 'scaleWithout'),
          decimals(miss, 3),
        ),
        say('scaleDouble', decimals(curve(largest[counted]) - curve(2 * largest[counted]), 3)),
        say('scalePublished', decimals(b, 3)),
        ratio > 0.8 && ratio < 1.25 ? say('scaleNear') : say('scaleFar', factor(ratio)),
        sizes.length < 8 && say('scaleWeak', sizes.length),
      ),
    ),
    {
      kind: 'figure',
      title: say('scaleFigure'),
      svg: scalingFigure(
        say('scaleFigure'),
        sizes.map((size) => ({ size: size[counted], loss: size.heldOutLoss })),
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
          decimals(curve(size[counted]), 3),
        ]),
      },
    },
  ];
}

/** The fit does not say which parameters it counts; it is the count under which it fits. */
export function countedBy(scaling: ScalingCurve): Counted {
  return largestMiss(scaling, 'nonEmbedding') <= largestMiss(scaling, 'parameters')
    ? 'nonEmbedding'
    : 'parameters';
}

function largestMiss({ sizes, fit }: ScalingCurve, counted: Counted): number {
  return Math.max(
    ...sizes.map((size) => Math.abs(fit.a * size[counted] ** -fit.b + fit.c - size.heldOutLoss)),
  );
}
