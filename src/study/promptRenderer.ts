import { cosine } from '../attention/cosine';
import { answerCue } from '../prompts/answers';
import { chooseExamples } from '../prompts/chooseExamples';
import { hashText } from '../prompts/random';
import {
  type Message,
  chatMessages,
  plainMessages,
  promptOfConversation,
  promptOfChat,
  renderForBase,
} from '../prompts/renderPrompt';
import { parseStrategyId } from '../prompts/strategy';
import { ScopeError } from '../protocol/errors';
import { Embed, RenderChat } from '../protocol/language';
import type { ModelSource } from '../protocol/model';
import {
  type AskedModel,
  type CellAddress,
  type RenderedPrompt,
  type Strategy,
  type Study,
  cellKey,
  requireLocal,
  promptKey,
} from '../protocol/prompts';
import type { Provider, Providers } from '../providers/provider';
import type { InferenceClient } from '../worker/client';

export interface ReadyPrompt {
  readonly prompt: RenderedPrompt;
  readonly strategy: Strategy;
  readonly model: AskedModel;
  /** Who answers for it. */
  readonly provider: Provider;
  /** What the prompt already says of the answer. */
  readonly cue: string;
  readonly messages: readonly Message[];
  readonly shownExamples: number;
}

/** Writes prompts: chooses examples, asks the model for its chat template, or uses the study's own. */
export class PromptRenderer {
  private readonly vectors = new Map<string, Promise<Float32Array>>();

  constructor(
    private readonly client: InferenceClient,
    /** The encoder by which examples are compared with an input. */
    private readonly encoder: ModelSource,
    private readonly providers: Providers,
  ) {}

  /**
   * The prompt of a cell.
   * @throws {ScopeError} `badRequest` for a cell that the study does not have, or when a template refuses
   */
  async render(study: Study, cell: CellAddress): Promise<ReadyPrompt> {
    const strategy = parseStrategyId(cell.strategy);
    const model = study.models.find(({ id }) => id === cell.model);
    const input = cell.item < 0 ? study.input : study.task.items[cell.item]?.input;
    if (!strategy || !model || input === undefined) {
      throw new ScopeError('badRequest', cellKey(cell));
    }
    const { task } = study;
    const examples = chooseExamples(task, input, strategy.shots, {
      seed: study.sampling.seed ^ hashText(input),
      ...(task.exampleChoice === 'nearest' && strategy.shots > 0
        ? {
            similarity: await this.similarities(
              task.examples.map((example) => example.input),
              input,
            ),
          }
        : {}),
    });
    const messages = chatMessages(task, strategy, examples, input);
    const provider = this.providers.of(model);
    const plain = plainMessages(messages);
    const base = { strategy, model, provider, messages: plain, shownExamples: examples.length };
    const edited = study.edited[promptKey(cell)];
    if (provider.takes === 'conversation') {
      return edited === undefined
        ? { ...base, cue: '', prompt: promptOfConversation(messages) }
        : { ...base, cue: '', prompt: editedPrompt(edited), messages: [{ role: 'user', content: edited }] };
    }
    const chat = provider.takes === 'template' ? await this.byOwnTemplate(model, messages) : null;
    const cue = chat ? '' : answerCue(task, strategy);
    if (edited !== undefined) {
      return { ...base, cue: edited.trimEnd().endsWith(cue) ? cue : '', prompt: editedPrompt(edited) };
    }
    if (chat) {
      return { ...base, cue, prompt: promptOfChat(chat.text) };
    }
    try {
      return { ...base, cue, prompt: renderForBase(task, strategy, examples, input) };
    } catch (error) {
      throw new ScopeError('badRequest', error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    }
  }

  /** Null for a base model, which has no template. */
  private byOwnTemplate(
    model: AskedModel,
    messages: readonly Message[],
  ): Promise<{ readonly text: string } | null> {
    return this.client.request(RenderChat, { model: requireLocal(model), owner: 'prompts', messages });
  }

  /** Cosine of the encoder's sentence vectors. */
  private async similarities(texts: readonly string[], input: string): Promise<number[]> {
    const target = await this.vector(input);
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      vectors.push(await this.vector(text));
    }
    return vectors.map((vector) => cosine(vector, target));
  }

  private vector(text: string): Promise<Float32Array> {
    let found = this.vectors.get(text);
    if (!found) {
      found = this.client
        .request(Embed, { model: this.encoder, owner: 'prompts', text })
        .then(({ vector }) => new Float32Array(vector));
      this.vectors.set(text, found);
      found.catch(() => this.vectors.delete(text));
    }
    return found;
  }
}

function editedPrompt(text: string): RenderedPrompt {
  return { text, parts: [{ part: 'frame', start: 0, end: text.length }], template: 'edited' };
}
