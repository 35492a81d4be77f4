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
import { RenderChat } from '../protocol/language';
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
import type { SentenceVectors } from './sentenceVectors';

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
  constructor(
    private readonly client: InferenceClient,
    /** By which examples are compared with an input. */
    private readonly vectors: SentenceVectors,
    private readonly providers: Providers,
  ) {}

  /**
   * The prompt of a cell.
   * @param shown stands in place of the input, with the same examples
   * @throws {ScopeError} `badRequest` for a cell that the study does not have, or when a template refuses
   */
  async render(study: Study, cell: CellAddress, shown?: string): Promise<ReadyPrompt> {
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
            similarity: await this.vectors.similarities(
              task.examples.map((example) => example.input),
              input,
            ),
          }
        : {}),
    });
    const messages = chatMessages(task, strategy, examples, shown ?? input);
    const provider = this.providers.of(model);
    const plain = plainMessages(messages);
    const base = { strategy, model, provider, messages: plain, shownExamples: examples.length };
    const own = study.edited[promptKey(cell)];
    const edited = shown === undefined ? own : own?.replace(input, () => shown);
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
      return { ...base, cue, prompt: renderForBase(task, strategy, examples, shown ?? input) };
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
}

function editedPrompt(text: string): RenderedPrompt {
  return { text, parts: [{ part: 'frame', start: 0, end: text.length }], template: 'edited' };
}
