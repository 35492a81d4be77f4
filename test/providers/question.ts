import assert from 'node:assert/strict';
import type { ServedModel } from '../../src/protocol/prompts';
import { type Endpoint, readEndpoints } from '../../src/providers/endpoint';
import type { Question } from '../../src/providers/provider';

export const served: ServedModel = {
  id: 'tiny@here',
  provider: 'server',
  endpoint: 'here',
  model: 'tiny',
  api: 'chat',
};
/** With every setting that a server may be sent. */
export const question: Question = {
  prompt: { text: 'one two three', parts: [], template: 'study' },
  messages: [
    { role: 'system', content: 'You are brief.' },
    { role: 'user', content: 'one two three' },
  ],
  sampling: {
    temperature: 0.5,
    topK: 7,
    topP: 0.9,
    minP: 0.05,
    repetitionPenalty: 1.2,
    maxNewTokens: 20,
    seed: 11,
    stop: ['\n', 'STOP'],
  },
};

/** An endpoint as the setting makes it. */
export function endpointAt(url: string, more: object = {}): Endpoint {
  const { endpoints, problems } = readEndpoints([{ id: 'here', url, ...more }]);
  assert.deepEqual(problems, []);
  return endpoints[0] as Endpoint;
}
