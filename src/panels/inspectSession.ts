import * as vscode from 'vscode';
import { labelName } from '../host/labelName';
import type { SelectedText } from '../host/selectedText';
import { isScopeError } from '../protocol/errors';
import {
  type InspectPart,
  type InspectState,
  type InspectStates,
  type InspectValues,
  inspectParts,
} from '../protocol/inspectPage';
import { Classify, Predict, Tokenize } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import type { InferenceClient } from '../worker/client';
import { inspectOwner } from './requestOwners';

/** More text than this is not looked at: the view is small, and the next selection waits. */
export const maxInspected = 1000;
const maxTokensShown = 120;
const numCandidates = 5;

export interface InspectServices {
  readonly client: InferenceClient;
  models(): Promise<{
    readonly attention: ModelSource;
    readonly generation: ModelSource;
    readonly sentiment: ModelSource;
  }>;
  describe(error: unknown): string;
  changed(): void;
}

const waiting: InspectStates = {
  tokens: { state: 'waiting' },
  attention: { state: 'waiting' },
  next: { state: 'waiting' },
  sentiment: { state: 'waiting' },
};

/** What is known about one text; a newer text stops what is still being measured of the older. */
export class InspectSession {
  parts: InspectStates = waiting;
  text: SelectedText | undefined;
  private cancellation: vscode.CancellationTokenSource | undefined;

  constructor(private readonly services: InspectServices) {}

  /** Measures part after part. Resolves when all are there, or another text has come. */
  async look(text: SelectedText | undefined): Promise<void> {
    this.stop();
    this.text = text;
    this.parts = waiting;
    this.services.changed();
    if (!text) {
      return;
    }
    const cancellation = new vscode.CancellationTokenSource();
    this.cancellation = cancellation;
    const read = text.text.slice(0, maxInspected);
    for (const part of inspectParts) {
      await this.measure(part, read, cancellation);
      if (cancellation.token.isCancellationRequested) {
        return;
      }
    }
  }

  /** Leaves what is there as it is. */
  stop(): void {
    this.cancellation?.cancel();
    this.cancellation = undefined;
    for (const part of inspectParts) {
      if (this.parts[part].state === 'running') {
        this.parts = { ...this.parts, [part]: { state: 'waiting' } };
      }
    }
  }

  /** Frees the weights that the inference process keeps. */
  release(): void {
    this.stop();
    this.services.client.release(inspectOwner);
  }

  private async measure(
    part: InspectPart,
    text: string,
    { token }: vscode.CancellationTokenSource,
  ): Promise<void> {
    this.set(part, { state: 'running' });
    try {
      const value = await this.ask(part, text, token);
      if (!token.isCancellationRequested) {
        this.set(part, { state: 'done', value });
      }
    } catch (error) {
      if (!token.isCancellationRequested && !isScopeError(error, 'cancelled')) {
        this.set(part, { state: 'failed', message: this.services.describe(error) });
      }
    }
  }

  private async ask(
    part: InspectPart,
    text: string,
    token: vscode.CancellationToken,
  ): Promise<InspectValues[InspectPart]> {
    const { client } = this.services;
    const models = await this.services.models();
    const owner = inspectOwner;
    switch (part) {
      case 'tokens': {
        const model = models.attention;
        const { tokens, totalTokens } = await client.request(Tokenize, { model, owner, text }, token);
        const own = tokens.filter(({ special }) => !special);
        const total = totalTokens - (tokens.length - own.length);
        return { model: model.id, tokens: own.slice(0, maxTokensShown), total };
      }
      case 'attention': {
        const model = models.attention;
        const run = await client.attend({ model, owner, text, textWasCut: false }, token);
        const { numLayers, numHeads } = run.model;
        return {
          model: model.id,
          numLayers,
          numHeads,
          numTokens: run.tokens.length,
          thumbnails: run.thumbnails,
        };
      }
      case 'next': {
        const model = models.generation;
        const params = { model, owner, before: text, after: '', topK: numCandidates };
        const { candidates } = await client.request(Predict, params, token);
        return { model: model.id, candidates };
      }
      case 'sentiment': {
        const model = models.sentiment;
        const labels = await client.request(Classify, { model, owner, text }, token);
        return {
          model: model.id,
          labels: labels.map(({ label, probability }) => ({ label: labelName(label), probability })),
        };
      }
    }
  }

  private set<P extends InspectPart>(part: P, state: InspectState<InspectValues[InspectPart]>): void {
    this.parts = { ...this.parts, [part]: state };
    this.services.changed();
  }
}
