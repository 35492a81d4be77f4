import { type Measuring, attempt, compareOwner } from './measuring';
import { languageOf } from './sharedWords';
import { chooseExamples } from '../prompts/chooseExamples';
import { chatMessages, plainMessages, renderForBase } from '../prompts/renderPrompt';
import { type Classified, type Maybe, type Uses, isMissing } from '../protocol/compare';
import { Classify, Predict, RenderChat, ScoreContinuation } from '../protocol/language';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';

/** Examples of the few-shot prompt. */
const numShots = 4;
/** Masks that are filled at the end of the text. */
const numForced = 8;
/** How a text is gone on with; the report states it. */
export const continuing = { maxNewTokens: 32, temperature: 0.7, topP: 0.9, seed: 1 } as const;

/** What each kind of model is for, tried on this text. */
export async function measureUses(
  measuring: Measuring,
  text: string,
  onText: (text: string) => void,
): Promise<Uses> {
  return {
    classified: [
      await classifiedByHead(measuring, text),
      await classifiedByPrompt(measuring, text, 0),
      await classifiedByPrompt(measuring, text, numShots),
    ],
    continued: await continued(measuring, text, onText),
    forced: await forced(measuring, text),
  };
}

async function classifiedByHead(measuring: Measuring, text: string): Promise<Maybe<Classified>> {
  const { left } = measuring.models;
  const { classifier } = measuring.bundled;
  const by = (model: ModelSource): Promise<Maybe<Classified>> =>
    attempt(measuring, 'noHead', async () => {
      const started = performance.now();
      const labels = await measuring.ask(Classify, { model, owner: compareOwner, text });
      const milliseconds = performance.now() - started;
      return { model: model.id, method: 'head', numExamples: 0, labels, milliseconds };
    });
  const own = await by(left);
  return isMissing(own) && own.missing === 'noHead' && classifier ? by(classifier) : own;
}

/** By the likelihood of each label's words after the prompt, per token. */
async function classifiedByPrompt(
  measuring: Measuring,
  text: string,
  shots: number,
): Promise<Maybe<Classified>> {
  const model = measuring.models.right;
  return attempt(measuring, 'notCausal', async () => {
    const started = performance.now();
    const task = await measuring.sentiment(languageOf(text));
    const input = text.replace(/\s+/g, ' ').trim();
    const strategy = { shots, reasoning: false, role: false, format: false };
    const examples = chooseExamples(task, input, shots, { seed: 1 });
    const messages = plainMessages(chatMessages(task, strategy, examples, input));
    const chat = await measuring.ask(RenderChat, { model, owner: compareOwner, messages });
    const prompt = chat?.text ?? renderForBase(task, strategy, examples, input).text;
    const gap = chat || /\s$/.test(prompt) ? '' : task.frame.gap;
    const scores: { label: string; perToken: number }[] = [];
    for (const label of task.labels) {
      const params = { model, owner: compareOwner, prompt, continuation: gap + label };
      const { logLikelihood, numTokens } = await measuring.ask(ScoreContinuation, params);
      scores.push({ label, perToken: logLikelihood / Math.max(1, numTokens) });
    }
    const total = scores.reduce((sum, { perToken }) => sum + Math.exp(perToken), 0);
    return {
      model: model.id,
      method: shots === 0 ? 'zeroShot' : 'fewShot',
      numExamples: examples.length,
      prompt,
      labels: scores
        .map(({ label, perToken }) => ({ label, probability: Math.exp(perToken) / total }))
        .sort((a, b) => b.probability - a.probability),
      milliseconds: performance.now() - started,
    };
  });
}

function continued(
  measuring: Measuring,
  text: string,
  onText: (text: string) => void,
): Promise<Uses['continued']> {
  const model = measuring.models.right;
  return attempt(measuring, 'notCausal', async () => {
    // Behind a full stop a small model may hold the text for finished; without it there is always more to say.
    const prompt = text.trimEnd().replace(/[.!?。！？…]+$/u, '');
    const params = { model, owner: compareOwner, prompt: prompt || text, options: continuing };
    const generation = await measuring.generate(params, onText);
    return { model: model.id, text: generation.text, numTokens: generation.tokens.length };
  });
}

/**
 * A masked model made to write: a mask is put behind the text and filled with its first choice, again and
 * again. It was never trained to see nothing on its right.
 */
function forced(measuring: Measuring, text: string): Promise<Uses['forced']> {
  const model = measuring.models.left;
  return attempt(measuring, 'notMasked', async () => {
    const pieces: string[] = [];
    let written = '';
    for (let step = 0; step < numForced; step++) {
      const before = text.trimEnd() + written;
      const params = { model, owner: compareOwner, before, after: '', topK: 1 };
      const { head, candidates } = await measuring.ask(Predict, params);
      if (head !== 'masked') {
        // A causal model answers the same request, and well.
        throw new ScopeError('modelUnsupported', `its head is ${head}`);
      }
      const [best] = candidates;
      if (!best) {
        break;
      }
      pieces.push(best.piece);
      written += best.text;
    }
    return { model: model.id, pieces, text: written };
  });
}
