import { ScopeError } from '../protocol/errors';
import { readText } from './modelFiles';
import { type JsonObject, readJson } from './modelFolder';
import { TemplateRefusal, renderTemplate } from '../prompts/templateInterpreter';

/** One turn of a conversation. */
export interface ChatMessage {
  /** `system`, `user`, `assistant`, or what else the model's template knows. */
  readonly role: string;
  readonly content: string;
}

/** A conversation as the model reads it; its special tokens are in the text, so none are added to it. */
export interface ChatText {
  readonly text: string;
  /** `fallback`: the model states no template (a base model), so this is a plain transcript. */
  readonly template: 'model' | 'fallback';
}

/**
 * Writes a conversation with the chat template of a model folder: `chat_template.jinja`, or
 * `chat_template` of `tokenizer_config.json`, of several the one named `default`.
 * @param options.addGenerationPrompt ends the text where the assistant's answer begins
 * @throws {ScopeError} `badRequest` with the template's sentence when it refuses the messages;
 * `modelUnsupported` when it cannot be rendered
 */
export async function applyChatTemplate(
  folder: string,
  messages: readonly ChatMessage[],
  options: { readonly addGenerationPrompt: boolean },
): Promise<ChatText> {
  const optional = (name: string): Promise<JsonObject> => readJson(folder, name).catch(() => ({}));
  const config = {
    ...(await optional('special_tokens_map.json')),
    ...(await optional('tokenizer_config.json')),
  };
  const file = await readText(folder, 'chat_template.jinja').catch(() => undefined);
  const source = file ?? defaultTemplate(config['chat_template']);
  if (source === undefined) {
    return { text: transcript(messages, options.addGenerationPrompt), template: 'fallback' };
  }
  try {
    const text = renderTemplate(source, {
      ...specialTokens(config),
      messages: messages.map(({ role, content }) => ({ role, content })),
      tools: null,
      documents: null,
      add_generation_prompt: options.addGenerationPrompt,
    });
    return { text, template: 'model' };
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    throw error instanceof TemplateRefusal
      ? new ScopeError('badRequest', sentence, { cause: error })
      : new ScopeError('modelUnsupported', `chat template: ${sentence}`, { cause: error });
  }
}

function transcript(messages: readonly ChatMessage[], addGenerationPrompt: boolean): string {
  const turns = messages.map(({ role, content }) => `${role}: ${content}\n`).join('');
  return addGenerationPrompt ? `${turns}assistant:` : turns;
}

/** @throws {ScopeError} `modelUnsupported` when there are several and none is the default */
function defaultTemplate(stated: unknown): string | undefined {
  if (typeof stated === 'string' || !Array.isArray(stated)) {
    return typeof stated === 'string' ? stated : undefined;
  }
  const named = new Map(
    stated.map((each: { name?: unknown; template?: unknown } | null) => [each?.name, each?.template]),
  );
  const template = named.get('default');
  if (typeof template !== 'string') {
    throw new ScopeError(
      'modelUnsupported',
      `chat template: none of ${[...named.keys()].join(', ')} is the default`,
    );
  }
  return template;
}

/** `bos_token`, `eos_token` and the like: a string, or an object with `content`. */
function specialTokens(config: JsonObject): Record<string, string> {
  const tokens: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    const content: unknown =
      typeof value === 'object' && value !== null && 'content' in value ? value.content : value;
    if (/^[a-z]+_token$/.test(name) && typeof content === 'string') {
      tokens[name] = content;
    }
  }
  return tokens;
}
