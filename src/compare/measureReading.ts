import { coveredBy } from './coveredText';
import { type Measuring, attempt, compareOwner } from './measuring';
import { sharedWords, wordOfTokens } from './sharedWords';
import type { AttentionRun } from '../protocol/attention';
import { type Maybe, type Reading, type Side, isMissing, sides } from '../protocol/compare';
import type { Token } from '../protocol/model';
import { Attend } from '../protocol/worker';

/** Both models read the text; what their tokenisations share are the words of everything that follows. */
export async function measureReading(measuring: Measuring, text: string, wasCut: boolean): Promise<Reading> {
  const runs = {} as Record<Side, Maybe<AttentionRun>>;
  for (const side of sides) {
    runs[side] = await attempt(measuring, 'failed', async () => {
      const owner = `${compareOwner} ${side}`;
      const params = { model: measuring.models[side], text, owner, textWasCut: wasCut };
      return withoutTarget(await measuring.ask(Attend, params));
    });
  }
  const tokens = (side: Side): readonly Token[] => {
    const run = runs[side];
    return isMissing(run) ? [] : run.tokens;
  };
  const covered = coveredBy(text, sides.map(tokens));
  const words = sharedWords(text.slice(0, covered), sides.map(tokens));
  const wordOf = (side: Side): number[] => wordOfTokens(text, tokens(side), words);
  return { ...runs, words, wordOf: { left: wordOf('left'), right: wordOf('right') } };
}

/** Of an encoder-decoder the encoder's part: what the decoder wrote is no part of the text. */
function withoutTarget(run: AttentionRun): AttentionRun {
  const { stacks, secondFrom, ...rest } = run;
  return stacks && secondFrom !== undefined ? { ...rest, tokens: run.tokens.slice(0, secondFrom) } : run;
}
