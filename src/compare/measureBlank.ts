import { type Measuring, attempt, compareOwner } from './measuring';
import {
  type Blank,
  type BlankSide,
  type Maybe,
  type SharedWord,
  type Side,
  isMissing,
} from '../protocol/compare';
import { Predict, Score } from '../protocol/language';

/** Candidates that each model names. */
const topK = 10;

/**
 * The same blank for both: a masked model reads both sides of it, a causal one what stands before. The left
 * model's candidates are then put into the whole text, which the right model scores: so a model that reads
 * from the left can use what stands behind, too.
 */
export async function measureBlank(
  measuring: Measuring,
  text: string,
  words: readonly SharedWord[],
  word: number,
): Promise<Maybe<Blank>> {
  const place = words[word];
  if (!place) {
    return { missing: 'noWords' };
  }
  const before = text.slice(0, place.start);
  const after = text.slice(place.end);
  const fill = (side: Side): Promise<Maybe<BlankSide>> =>
    attempt(measuring, side === 'left' ? 'notMasked' : 'notCausal', () =>
      measuring.ask(Predict, { model: measuring.models[side], owner: compareOwner, before, after, topK }),
    );
  const left = await fill('left');
  const right = await fill('right');
  const alternatives = isMissing(left) ? [] : left.candidates.map((each) => each.text.trim());
  return { word, left, right, inContext: await scored(measuring, { before, after, place }, alternatives) };
}

async function scored(
  measuring: Measuring,
  { before, after, place }: { before: string; after: string; place: SharedWord },
  alternatives: readonly string[],
): Promise<Blank['inContext']> {
  if (alternatives.length === 0) {
    return { missing: 'notMasked' };
  }
  return attempt(measuring, 'notCausal', async () => {
    // One way of writing a word is enough; the text's own counts as the text has it.
    const others = alternatives.filter(
      (each) => each !== '' && each.toLowerCase() !== place.text.toLowerCase(),
    );
    const texts = [place.text, ...new Set(others)];
    const found: { text: string; original: boolean; logLikelihood: number }[] = [];
    for (const [index, each] of texts.entries()) {
      const { logLikelihood } = await measuring.ask(Score, {
        model: measuring.models.right,
        owner: compareOwner,
        text: before + each + after,
      });
      found.push({ text: each, original: index === 0, logLikelihood });
    }
    const most = Math.max(...found.map((each) => each.logLikelihood));
    const total = found.reduce((sum, each) => sum + Math.exp(each.logLikelihood - most), 0);
    return found
      .map((each) => ({ ...each, share: Math.exp(each.logLikelihood - most) / total }))
      .sort((a, b) => b.share - a.share);
  });
}
