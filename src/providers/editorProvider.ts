import type { Ability } from '../protocol/abilities';
import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { EditorModel } from '../protocol/prompts';
import type { Message } from '../prompts/renderPrompt';
import { cutAtStop } from './cutAtStop';
import type { Provider, Question, Reply } from './provider';

/**
 * The part of the editor's Language Model API that is used; `host/editorModels.ts` gives the real one.
 * Failures come as `ScopeError`s.
 */
export interface EditorModels {
  /** Sends turns and tells the text as it comes. Asks for consent where the editor wants it. */
  send(
    model: string,
    messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[],
    token: CancellationToken,
  ): AsyncIterable<string>;
  countTokens(model: string, text: string): Promise<number>;
  /** Whether the person lets a study's texts be sent to the editor's models. */
  allowed(model: string): Promise<boolean>;
}

/** UTF-16 units, beside what was asked for: no token of any model is as long on average. */
const longestAnswer = 100_000;

/** Models that the editor offers. Its interface knows turns of a user and an assistant, and no settings. */
export class EditorProvider implements Provider {
  readonly abilities: ReadonlySet<Ability> = new Set<Ability>(['streaming', 'stop']);
  readonly takes = 'conversation';
  readonly lane: string;
  /** Such models have quotas; a burst of questions uses them up. */
  readonly concurrency = 2;
  readonly currency = null;
  readonly host: string;

  constructor(
    private readonly model: EditorModel,
    private readonly models: EditorModels,
  ) {
    // Which computer answers is known to the editor's extension only; its vendor stands before the slash.
    this.host = model.model.split('/')[0] ?? model.model;
    this.lane = `editor ${this.host}`;
  }

  allowed(): Promise<boolean> {
    return this.models.allowed(this.model.model);
  }

  async ask(
    { messages, sampling }: Question,
    onText: (text: string) => void,
    token: CancellationToken,
  ): Promise<Reply> {
    const started = performance.now();
    const turns = withoutSystem(messages);
    let all = '';
    for await (const piece of this.models.send(this.model.model, turns, token)) {
      all += piece;
      if (all.length > longestAnswer + 64 * sampling.maxNewTokens) {
        throw new ScopeError('editorModelRefused', `${this.model.model}: more text than was asked for`);
      }
      const { text, wasCut } = cutAtStop(all, sampling.stop);
      onText(text);
      if (wasCut) {
        break;
      }
    }
    const milliseconds = performance.now() - started;
    const { text, wasCut } = cutAtStop(all, sampling.stop);
    const asked = turns.map(({ content }) => content).join('\n');
    return {
      text,
      finish: wasCut ? 'stop' : 'end',
      numPromptTokens: await this.count(asked),
      numNewTokens: await this.count(text),
      milliseconds,
      meanBits: null,
    };
  }

  /** 0 where the editor does not count. */
  private count(text: string): Promise<number> {
    return this.models.countTokens(this.model.model, text).catch(() => 0);
  }
}

/** There is no system's turn in the interface: what would stand there becomes a user's turn, which is flagged. */
function withoutSystem(messages: readonly Message[]): { role: 'user' | 'assistant'; content: string }[] {
  return messages.map(({ role, content }) => ({
    role: role === 'assistant' ? 'assistant' : 'user',
    content,
  }));
}
