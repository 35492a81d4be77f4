import { ScopeError } from '../protocol/errors';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { EditorModels } from './editorProvider';

/** One of the editor's models, as `vscode.LanguageModelChat` describes it; `M` is its kind of message. */
export interface EditorChat<M> {
  readonly id: string;
  readonly vendor: string;
  readonly name: string;
  sendRequest(
    messages: M[],
    options: { readonly justification: string },
    token: CancellationToken,
  ): PromiseLike<{ readonly text: AsyncIterable<string> }>;
  countTokens(text: string): PromiseLike<number>;
}

/** What of the editor is needed; given by the host. */
export interface EditorApi<M> {
  /** `vscode.lm.selectChatModels`. */
  select(by?: { readonly vendor: string; readonly id: string }): PromiseLike<readonly EditorChat<M>[]>;
  user(content: string): M;
  assistant(content: string): M;
  /** The code of a `LanguageModelError`, e.g. `NoPermissions`; undefined for any other error. */
  codeOf(error: unknown): string | undefined;
  /** Why a model is asked, as the editor's consent shows it. */
  readonly justification: string;
  allowed(vendor: string): Promise<boolean>;
}

/** The editor's models by a name that stays the same: `vendor/id`. */
export class EditorBridge<M> implements EditorModels {
  constructor(private readonly api: EditorApi<M>) {}

  /** The models there are; none where no extension brings any. */
  async list(): Promise<{ readonly model: string; readonly name: string }[]> {
    const found = await this.api.select();
    return found.map(({ vendor, id, name }) => ({ model: `${vendor}/${id}`, name }));
  }

  async *send(
    model: string,
    messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[],
    token: CancellationToken,
  ): AsyncGenerator<string> {
    const { api } = this;
    try {
      const chat = await this.find(model);
      const turns = messages.map(({ role, content }) =>
        role === 'user' ? api.user(content) : api.assistant(content),
      );
      const { text } = await chat.sendRequest(turns, { justification: api.justification }, token);
      for await (const piece of text) {
        yield piece;
        if (token.isCancellationRequested) {
          break;
        }
      }
    } catch (error) {
      throw this.failure(error, model, token);
    }
    if (token.isCancellationRequested) {
      throw new ScopeError('cancelled');
    }
  }

  async countTokens(model: string, text: string): Promise<number> {
    return (await this.find(model)).countTokens(text);
  }

  allowed(model: string): Promise<boolean> {
    return this.api.allowed(vendorOf(model));
  }

  /** @throws {ScopeError} `editorModelGone` */
  private async find(model: string): Promise<EditorChat<M>> {
    const vendor = vendorOf(model);
    const [found] = await this.api.select({ vendor, id: model.slice(vendor.length + 1) });
    if (!found) {
      throw new ScopeError('editorModelGone', model);
    }
    return found;
  }

  private failure(error: unknown, model: string, token: CancellationToken): ScopeError {
    if (token.isCancellationRequested) {
      return new ScopeError('cancelled', undefined, { cause: error });
    }
    if (error instanceof ScopeError) {
      return error;
    }
    const text = error instanceof Error ? error.message : String(error);
    const code = this.api.codeOf(error);
    // Consent, a quota and a filter are told apart by their code; others come from the extension that answers.
    const detail = [model, code, text].filter(Boolean).join(': ');
    const cause = { cause: error };
    return new ScopeError(code === 'NotFound' ? 'editorModelGone' : 'editorModelRefused', detail, cause);
  }
}

function vendorOf(model: string): string {
  return model.split('/')[0] ?? model;
}
