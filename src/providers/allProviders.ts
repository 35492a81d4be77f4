import { ScopeError } from '../protocol/errors';
import { type AskedModel, isLocal } from '../protocol/prompts';
import type { InferenceClient } from '../worker/client';
import { type EditorModels, EditorProvider } from './editorProvider';
import type { Endpoint } from './endpoint';
import { LocalProvider } from './localProvider';
import type { Provider, Providers } from './provider';
import { type ServerLink, ServerPace, ServerProvider } from './serverProvider';

/** Where models that are not of this computer are found. */
export interface Elsewhere {
  /** The servers as the settings describe them now. */
  endpoints(): readonly Endpoint[];
  readonly link: ServerLink;
  /** Undefined outside an editor. */
  readonly editor?: EditorModels;
}

/** Who answers for each model; without `elsewhere` only this computer's models are answered for. */
export class AllProviders implements Providers {
  /** By what a server's limits are made of: a changed setting begins anew. */
  private readonly paces = new Map<string, ServerPace>();

  constructor(
    private readonly client: InferenceClient,
    private readonly elsewhere?: Elsewhere,
  ) {}

  of(model: AskedModel): Provider {
    if (isLocal(model)) {
      return new LocalProvider(model, this.client);
    }
    if (model.provider === 'editor') {
      if (!this.elsewhere?.editor) {
        throw new ScopeError('editorModelGone', model.model);
      }
      return new EditorProvider(model, this.elsewhere.editor);
    }
    const endpoint = this.elsewhere?.endpoints().find(({ id }) => id === model.endpoint);
    if (!this.elsewhere || !endpoint) {
      throw new ScopeError('serverUnset', model.endpoint);
    }
    return new ServerProvider(model, endpoint, this.elsewhere.link, this.paceOf(endpoint));
  }

  private paceOf(endpoint: Endpoint): ServerPace {
    const { id, url, concurrency, requestsPerMinute, tokensPerMinute } = endpoint;
    const key = JSON.stringify([id, url, concurrency, requestsPerMinute, tokensPerMinute]);
    let pace = this.paces.get(key);
    if (!pace) {
      pace = new ServerPace(endpoint);
      this.paces.set(key, pace);
    }
    return pace;
  }
}
