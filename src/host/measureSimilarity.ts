import * as vscode from 'vscode';
import { cosine } from '../attention/cosine';
import { languageOf } from '../compare/sharedWords';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import { Embed, Tokenize } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import { excerpt } from '../text/sentenceRanges';
import { type Baseline, type Overlap, overlapOf } from '../text/similarity';
import { whileBusy } from './busy';
import { notify, notifyFailure } from './notify';
import { type ResultItem, showResults } from './resultList';
import { selectedTexts } from './selectedText';
import type { TextServices } from './textServices';
import { UnrelatedSentences } from './unrelatedSentences';

/** More of the clipboard is not read. */
const maxCharacters = 100_000;

/** How alike two texts are. */
export interface Similarity {
  readonly model: string;
  readonly first: string;
  readonly second: string;
  /** Of the texts' vectors, see `Embedding`. */
  readonly cosine: number;
  /** The same between sentences that have nothing to do with each other. */
  readonly baseline: Baseline;
  /** What the texts' tokens have in common, each counted once. */
  readonly tokens: Overlap;
}

/** Compares two selections, or one with a text that was remembered before, or with the clipboard. */
export class SimilarityMeter {
  private remembered: string | undefined;
  private readonly unrelated: UnrelatedSentences;

  constructor(private readonly services: TextServices) {
    this.unrelated = new UnrelatedSentences((model, text, token) => this.embed(model, text, token));
  }

  /** @returns undefined when the text was only remembered */
  async measure(editor: vscode.TextEditor): Promise<Similarity | undefined> {
    const texts = selectedTexts(editor).map(({ text }) => text);
    if (texts.length > 2) {
      throw new ScopeError('needsTwoSelections');
    }
    const [one = '', two] = texts;
    if (two !== undefined) {
      return this.compare(one, two);
    }
    if (this.remembered !== undefined) {
      return this.compare(this.remembered, one);
    }
    this.remember(one);
    return undefined;
  }

  private remember(text: string): void {
    const { t } = vscode.l10n;
    this.remembered = text;
    notify(
      t('Remembered: “{0}”. Select another text and run the command again.', excerpt(text, 60)),
      {
        label: t('Compare with the Clipboard'),
        run: () =>
          this.withClipboard(text).catch((error: unknown) => notifyFailure(error, this.services.log)),
      },
      { label: t('Discard It'), run: () => (this.remembered = undefined) },
    );
  }

  private async withClipboard(text: string): Promise<void> {
    const copied = (await vscode.env.clipboard.readText()).slice(0, maxCharacters);
    if (copied.trim() === '') {
      throw new ScopeError('emptyClipboard');
    }
    await this.compare(text, copied);
  }

  private async compare(first: string, second: string): Promise<Similarity> {
    const model = this.services.models.current();
    const found = await whileBusy(vscode.l10n.t('Measuring how alike the texts are'), (token) =>
      this.measured(model, first, second, token),
    );
    this.show(found);
    return found;
  }

  private async measured(
    model: ModelSource,
    first: string,
    second: string,
    token: CancellationToken,
  ): Promise<Similarity> {
    const vectors = [await this.embed(model, first, token), await this.embed(model, second, token)] as const;
    const ids = [await this.ids(model, first, token), await this.ids(model, second, token)] as const;
    return {
      model: model.id,
      first,
      second,
      cosine: cosine(...vectors),
      baseline: await this.unrelated.baseline(model, languageOf(first), languageOf(second), token),
      tokens: overlapOf(...ids),
    };
  }

  private async embed(model: ModelSource, text: string, token: CancellationToken): Promise<Float32Array> {
    const params = { model, owner: 'similarity', text };
    return new Float32Array((await this.services.client.request(Embed, params, token)).vector);
  }

  private async ids(model: ModelSource, text: string, token: CancellationToken): Promise<number[]> {
    const params = { model, owner: 'similarity', text };
    const { tokens } = await this.services.client.request(Tokenize, params, token);
    return tokens.filter(({ start, end }) => end > start).map(({ id }) => id);
  }

  private show(found: Similarity): void {
    const { t } = vscode.l10n;
    const { baseline, tokens, first, second } = found;
    const lines = [
      {
        label: t('Cosine {0}', found.cosine.toFixed(3)),
        description: verdictOf(found),
        detail: `“${excerpt(first, 40)}” ↔ “${excerpt(second, 40)}”`,
      },
      {
        label: t('Unrelated sentences: {0}', baseline.mean.toFixed(3)),
        description: t(
          'from {0} to {1} in {2} pairs, measured with this model',
          baseline.least.toFixed(3),
          baseline.most.toFixed(3),
          baseline.numPairs,
        ),
        detail: t('Mean states lie in a narrow cone (Ethayarajh 2019): compare with this, not with 0.'),
      },
      {
        label: t('Jaccard of tokens {0}', tokens.jaccard.toFixed(3)),
        description: t('{0} of {1} different tokens are in both', tokens.common, tokens.union),
      },
    ];
    const copies = lines.map(({ label, description }) => `${label} (${description})`).join('\n');
    const items: ResultItem[] = [
      ...lines.map((line) => ({ ...line, copies })),
      {
        label: `$(pin) ${t('Remember the second text instead')}`,
        description: t('the next selection is compared with it'),
        run: () => this.remember(second),
      },
      {
        label: `$(clippy) ${t('Compare the second text with the clipboard')}`,
        run: () => this.withClipboard(second),
      },
    ];
    showResults(
      {
        title: t('How alike are they? · {0}', found.model),
        placeholder: t('Enter copies the numbers. Only a model trained to compare texts does it well.'),
        items,
      },
      this.services.log,
    );
  }
}

/** Where the cosine stands beside those of unrelated sentences. */
function verdictOf({ cosine: measured, baseline: { mean, most } }: Similarity): string {
  const { t } = vscode.l10n;
  if (measured > most) {
    return t('more alike than any unrelated pair');
  }
  return measured > mean
    ? t('within what unrelated pairs reach')
    : t('no more alike than unrelated pairs on average');
}
