import type { CancellationToken } from '../protocol/jsonrpc';
import type { ModelSource } from '../protocol/model';
import { type Baseline, baselineOf } from '../text/similarity';

/** Sentences of everyday length that have nothing to do with each other, nor with those of the other language. */
const unrelated = {
  en: [
    'The train to the coast leaves at seven.',
    'She paid for the bread with old coins.',
    'Plants turn light and water into sugar.',
    'His knee hurt after the second match.',
    'The court put the decision off until May.',
    'A violin needs new strings every year.',
    'Nobody had watered the roses all week.',
    'The printer is out of paper again.',
  ],
  zh: [
    '医生让他每天早上量一次血压。',
    '这家店的豆腐卖得最快。',
    '月亮绕着地球转了很多年。',
    '她把旧手机送给了弟弟。',
    '议会昨天通过了新的预算。',
    '那幅画挂在走廊的尽头。',
    '台风把港口的船吹翻了。',
    '他跟老师学了三年围棋。',
  ],
} as const;

type Language = keyof typeof unrelated;

/** How alike unrelated sentences are to a model, measured once for each model and pair of languages. */
export class UnrelatedSentences {
  private readonly vectors = new Map<string, readonly Float32Array[]>();

  constructor(
    private readonly embed: (
      model: ModelSource,
      text: string,
      token: CancellationToken,
    ) => Promise<Float32Array>,
  ) {}

  /** The baseline for texts of these languages. */
  async baseline(
    model: ModelSource,
    one: Language,
    two: Language,
    token: CancellationToken,
  ): Promise<Baseline> {
    const first = await this.of(model, one, token);
    return baselineOf(first, one === two ? undefined : await this.of(model, two, token));
  }

  private async of(
    model: ModelSource,
    language: Language,
    token: CancellationToken,
  ): Promise<readonly Float32Array[]> {
    const key = `${language} ${model.folder}`;
    const known = this.vectors.get(key);
    if (known) {
      return known;
    }
    const found: Float32Array[] = [];
    for (const sentence of unrelated[language]) {
      found.push(await this.embed(model, sentence, token));
    }
    this.vectors.set(key, found);
    return found;
  }
}
