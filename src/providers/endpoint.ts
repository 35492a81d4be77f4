import { type Ability, abilities } from '../protocol/abilities';

/** Software that a server runs: what it takes beyond OpenAI's own parameters differs. */
const serverKinds = ['openai', 'ollama', 'llamacpp', 'vllm', 'other'] as const;
export type ServerKind = (typeof serverKinds)[number];

/** Per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** A server as the settings describe it. Its key lies in the editor's secret storage, never here. */
export interface Endpoint {
  /** By which studies name it. */
  readonly id: string;
  /** With the version, e.g. `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  readonly kind: ServerKind;
  /** Questions under way at once. */
  readonly concurrency: number;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  /** Until the first word, and between two. */
  readonly timeoutSeconds: number;
  /** Of the prices, e.g. `USD`. */
  readonly currency: string;
  /** By the server's name of the model; `*` is any other. */
  readonly prices: Readonly<Record<string, Price>>;
  /** What this server does not do, although its kind usually does. */
  readonly without: readonly Ability[];
}

const endpointDefaults = { concurrency: 4, timeoutSeconds: 120, currency: 'USD' } as const;
const idForm = /^[\w.-]{1,64}$/;

/** Whether a name can be that of a server. */
export function isEndpointId(id: string): boolean {
  return idForm.test(id);
}

/**
 * Reads the setting `transformerScope.endpoints`. What is wrong in one entry leaves that entry out, and is said.
 * @returns the servers, and a sentence for the log about each entry that was left out
 */
export function readEndpoints(value: unknown): { endpoints: Endpoint[]; problems: string[] } {
  const endpoints: Endpoint[] = [];
  const problems: string[] = [];
  for (const [index, each] of (Array.isArray(value) ? (value as unknown[]) : []).entries()) {
    const read = readEndpoint(each);
    if (typeof read === 'string') {
      problems.push(`endpoints[${index}]: ${read}`);
    } else if (endpoints.some(({ id }) => id === read.id)) {
      problems.push(`endpoints[${index}]: ${read.id} is there twice`);
    } else {
      endpoints.push(read);
    }
  }
  return { endpoints, problems };
}

function readEndpoint(value: unknown): Endpoint | string {
  if (typeof value !== 'object' || value === null) {
    return 'no object';
  }
  const given = value as Readonly<Record<string, unknown>>;
  const { id, url } = given;
  if (typeof id !== 'string' || !isEndpointId(id)) {
    return 'id: letters, digits, ".", "_" and "-"';
  }
  const address = typeof url === 'string' ? serverAddress(url) : undefined;
  if (address === undefined) {
    return 'url: an http or https address without a name, a password or a query';
  }
  const number = (name: string, least: number, most: number): number | null => {
    const found = given[name];
    return typeof found === 'number' && found >= least && found <= most ? found : null;
  };
  return {
    id,
    url: address,
    kind: serverKinds.find((kind) => kind === given['type']) ?? 'other',
    concurrency: Math.floor(number('concurrency', 1, 1024) ?? endpointDefaults.concurrency),
    requestsPerMinute: number('requestsPerMinute', 1, 1e9),
    tokensPerMinute: number('tokensPerMinute', 1, 1e12),
    timeoutSeconds: number('timeoutSeconds', 1, 3600) ?? endpointDefaults.timeoutSeconds,
    currency:
      typeof given['currency'] === 'string' ? given['currency'].slice(0, 8) : endpointDefaults.currency,
    prices: readPrices(given['prices']),
    without: Array.isArray(given['without'])
      ? abilities.filter((ability) => (given['without'] as unknown[]).includes(ability))
      : [],
  };
}

/** The address without a slash at its end; undefined for what is none. */
export function serverAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) {
    return undefined;
  }
  const { protocol, username, password, search, hash } = new URL(trimmed);
  const isPlain = `${username}${password}${search}${hash}` === '';
  return /^https?:$/.test(protocol) && isPlain ? trimmed.replace(/\/+$/, '') : undefined;
}

function readPrices(value: unknown): Endpoint['prices'] {
  if (typeof value !== 'object' || value === null) {
    return {};
  }
  const entries = Object.entries(value).flatMap(([model, price]): [string, Price][] => {
    const { input, output } = (price ?? {}) as Readonly<Record<string, unknown>>;
    return isPrice(input) && isPrice(output) ? [[model, { input, output }]] : [];
  });
  return Object.fromEntries(entries);
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** What some tokens cost; undefined where the price table does not say. */
export function priceOf(
  { prices }: Endpoint,
  model: string,
  numPromptTokens: number,
  numNewTokens: number,
): number | undefined {
  const price = Object.hasOwn(prices, model) ? prices[model] : prices['*'];
  return price && (numPromptTokens * price.input + numNewTokens * price.output) / 1e6;
}

/** Whether a server is on this computer, so that what is sent to it stays here. */
export function isThisComputer(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** A key travels where nobody else can read it: by https, or not off this computer. */
export function isPrivate(url: string): boolean {
  return url.startsWith('https:') || isThisComputer(url);
}

const standard: readonly Ability[] = [
  'systemRole',
  'temperature',
  'topP',
  'maxNewTokens',
  'stop',
  'seed',
  'streaming',
];

/** What each kind of server does with what it is sent. */
const abilitiesOf: Readonly<Record<ServerKind, readonly Ability[]>> = {
  openai: [...standard, 'logProbabilities'],
  ollama: [...standard, 'logProbabilities'],
  llamacpp: [...standard, 'topK', 'minP', 'repetitionPenalty', 'logProbabilities'],
  vllm: [...standard, 'topK', 'minP', 'repetitionPenalty', 'logProbabilities'],
  // Nobody knows what it does with a seed, so nothing is promised; it is sent all the same.
  other: standard.filter((ability) => ability !== 'seed'),
};

/** Labels can be scored where a server echoes a text with its probabilities, which vLLM does for completions. */
export function serverAbilities({ kind, without }: Endpoint, api: 'chat' | 'completions'): Set<Ability> {
  const can = new Set(abilitiesOf[kind]);
  if (api === 'completions') {
    // A text has no turns: the role stands in it, as for a local base model.
    can.add('systemRole');
    if (kind === 'vllm') {
      can.add('labelScores');
    }
  }
  without.forEach((ability) => can.delete(ability));
  return can;
}
