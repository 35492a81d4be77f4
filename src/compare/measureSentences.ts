import { type Measuring, attempt, compareOwner } from './measuring';
import { sentencesOf } from './sharedWords';
import type { Maybe, SentenceSimilarity, Sentences, Side } from '../protocol/compare';
import { CompareTexts } from '../protocol/measures';

/** More sentences make matrices that nobody reads. */
const mostSentences = 6;

/** How alike the text's sentences are to both models, layer by layer. */
export async function measureSentences(measuring: Measuring, text: string): Promise<Maybe<Sentences>> {
  const sentences = sentencesOf(text, mostSentences);
  if (sentences.length < 2) {
    return { missing: 'oneSentence' };
  }
  const compare = (side: Side): Promise<Maybe<SentenceSimilarity>> =>
    attempt(measuring, 'failed', async () => {
      const model = measuring.models[side];
      const found = await measuring.ask(CompareTexts, { model, owner: compareOwner, texts: sentences });
      return { model: model.id, ...found };
    });
  return { sentences, left: await compare('left'), right: await compare('right') };
}
