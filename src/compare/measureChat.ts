import { type Measuring, attempt, compareOwner } from './measuring';
import type { Chat, ChatAnswer, Maybe } from '../protocol/compare';
import { RenderChat } from '../protocol/language';
import type { ModelSource } from '../protocol/model';

/** Greedy, so that the same prompt gets the same answers. */
const chatting = { maxNewTokens: 64, temperature: 0 } as const;

/** Questions that the bundled models’ small worlds have an answer to. */
export const firstQuestion = {
  en: 'What is the opposite of hot?',
  zh: '如果我有3个苹果，吃了1个，又买了2个，我现在有几个苹果？',
} as const;

/**
 * The same question to a base model and to one that was tuned on instructions: the step from GPT-3 to
 * InstructGPT (Ouyang et al. 2022), of which this is the first stage, supervised fine-tuning.
 */
export async function measureChat(
  measuring: Measuring,
  prompt: string,
  onText: (which: 'base' | 'tuned', text: string) => void,
): Promise<Chat> {
  const { decoder, tuned } = measuring.bundled;
  const by = async (
    model: ModelSource | undefined,
    which: 'base' | 'tuned',
    sent: (model: ModelSource) => Promise<string>,
  ): Promise<Maybe<ChatAnswer>> =>
    model === undefined
      ? { missing: 'noModel' }
      : attempt(measuring, 'notCausal', async () => {
          const text = await sent(model);
          const params = { model, owner: compareOwner, prompt: text, options: chatting };
          const answer = await measuring.generate(params, (written) => {
            onText(which, written);
          });
          return {
            model: model.id,
            sent: text,
            text: answer.text,
            numTokens: answer.tokens.length,
            finish: answer.finish,
          };
        });
  return {
    prompt,
    base: await by(decoder, 'base', () => Promise.resolve(prompt)),
    tuned: await by(tuned, 'tuned', async (model) => {
      const messages = [{ role: 'user', content: prompt }];
      const chat = await measuring.ask(RenderChat, { model, owner: compareOwner, messages });
      return chat?.text ?? prompt;
    }),
  };
}
