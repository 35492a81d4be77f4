import * as vscode from 'vscode';
import { scoredStretches, surprisalSummary } from '../attention/surprisal';
import { ScopeError } from '../protocol/errors';
import type { TextScore } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import type { InferenceClient } from '../worker/client';
import { whileBusy } from './busy';
import type { DocumentOverlay, OverlayMark } from './documentOverlay';
import { commandIds } from './ids';
import type { SelectedText } from './selectedText';
import { surprisalHover } from './surprisalHover';
import type { TaskModels } from './taskModels';

/** More of what stands before a text is beyond any window. */
const maxCharactersBefore = 8000;
/** Tokens that are scored: an encoder takes a whole pass for each. */
const maxTokens = { left: 4000, both: 500 } as const;
const numAlternatives = 5;
/** From here on the colour is full: a model that knows nothing is this surprised, over 33,000 tokens. */
const fullBits = 15;

export interface SurprisalServices {
  readonly client: InferenceClient;
  readonly taskModels: TaskModels;
  readonly overlay: DocumentOverlay;
  pickModel(title: string): Promise<ModelSource | undefined>;
}

/** Colours each token of a text by how much it surprised a language model where it stands. */
export class Surprisal {
  private source: SelectedText | undefined;

  constructor(private readonly services: SurprisalServices) {}

  /**
   * Measures a text and draws it over its document.
   * @throws {ScopeError} `textChanged` when it was edited meanwhile, `cancelled`, `modelUnsupported`
   */
  async show(source: SelectedText): Promise<void> {
    await this.measure(source, await this.services.taskModels.for('generation'));
  }

  /** The same text by another model, which is asked for. */
  async showByAnother(): Promise<void> {
    const { source } = this;
    const model = source && (await this.services.pickModel(vscode.l10n.t('Which model’s surprisal?')));
    if (model) {
      await this.measure(source, model);
    }
  }

  private async measure(source: SelectedText, model: ModelSource): Promise<void> {
    const { client, overlay, taskModels } = this.services;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(source.uri));
    const { version } = document;
    const isEncoder = (await taskModels.tasksOf(model)).includes('masks');
    const score = await whileBusy(vscode.l10n.t('Surprisal by {0}', model.id), async (cancellation, tell) =>
      client.score(
        {
          model,
          owner: 'surprisal',
          text: source.text,
          before: textBefore(document, source.offset),
          topK: numAlternatives,
          maxTokens: isEncoder ? maxTokens.both : maxTokens.left,
        },
        (done, total) => tell(done / total, vscode.l10n.t('{0} of {1} tokens', done, total)),
        cancellation,
      ),
    );
    if (document.version !== version) {
      throw new ScopeError('textChanged');
    }
    if (score.numScored === 0) {
      throw new ScopeError('tooShort');
    }
    this.source = source;
    overlay.show({
      uri: source.uri,
      scale: 'sequential',
      marks: marksOf(score, source),
      line: source.startLine - 1,
      legend: legendOf(score, source, model),
      actions: [
        {
          title: vscode.l10n.t('With Another Model…'),
          command: commandIds.showSurprisal,
          arguments: [{ byAnother: true }],
        },
      ],
    });
  }
}

/** Whole lines, so that no word is cut where the context begins. */
function textBefore(document: vscode.TextDocument, offset: number): string {
  const end = document.positionAt(offset);
  const near = document.positionAt(Math.max(0, offset - maxCharactersBefore));
  const start = near.line === 0 || near.line === end.line ? near : new vscode.Position(near.line + 1, 0);
  return document.getText(new vscode.Range(start, end));
}

function marksOf(score: TextScore, { text, offset, pair }: SelectedText): OverlayMark[] {
  return scoredStretches(score).flatMap((stretch) => {
    const { start, end, tokens, bits } = stretch;
    // Of two selections, the line break between them stands in no document.
    if (pair && start < pair.secondStart && end > pair.firstEnd) {
      return [];
    }
    const shift = pair && start >= pair.secondStart ? pair.secondOffset - pair.secondStart : offset;
    return {
      start: shift + start,
      end: shift + end,
      strength: Math.min(1, bits / fullBits),
      hover: surprisalHover(score, tokens, text),
    };
  });
}

function legendOf(score: TextScore, { text, wasCut }: SelectedText, model: ModelSource): string {
  const { t } = vscode.l10n;
  const { meanBits, perplexity, bitsPerCharacter } = surprisalSummary(score, text);
  const name = score.context === 'left' ? model.id : t('{0}, each token masked in turn', model.id);
  const mean =
    score.context === 'left'
      ? t('{0} bits per token (perplexity {1})', meanBits.toFixed(2), rounded(perplexity))
      : t('{0} bits per token (pseudo-perplexity {1})', meanBits.toFixed(2), rounded(perplexity));
  const character = t('{0} bits per character', bitsPerCharacter.toFixed(2));
  const scale = t('colour: 0 to {0} bits', fullBits);
  const { length } = score.tokens;
  const isPart = wasCut || score.totalTokens > length;
  const part = isPart ? [t('only the first {0} tokens', length)] : [];
  return [name, mean, character, scale, ...part].join('  ·  ');
}

function rounded(value: number): string {
  return value >= 1000 ? Math.round(value).toString() : value.toPrecision(3);
}
