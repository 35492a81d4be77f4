/** Something that a person did in the tool, and that went well. */
export type Deed =
  /** A command, by its name in the code. */
  | { readonly kind: 'command'; readonly name: string }
  /** A request to the inference process that was answered. */
  | { readonly kind: 'request'; readonly method: string; readonly params: unknown }
  /** A request of a page to the host that was answered. */
  | { readonly kind: 'page'; readonly method: string; readonly params: unknown };

type Test = (deed: Deed) => boolean;

/** Any of several. */
export function anyOf(...tests: readonly Test[]): Test {
  return (deed) => tests.some((test) => test(deed));
}

export function command(name: string): Test {
  return (deed) => deed.kind === 'command' && deed.name === name;
}

/** A request to the inference process, whose parameters are as asked where that matters. */
export function request(method: string, fits: (params: RequestFacts) => boolean = () => true): Test {
  return (deed) => deed.kind === 'request' && deed.method === method && fits(factsOf(deed.params));
}

/** A request of a page, e.g. `prompts/run`, with these parameters among its own. */
export function page(method: string, params: Readonly<Record<string, unknown>> = {}): Test {
  return (deed) =>
    deed.kind === 'page' &&
    deed.method === method &&
    Object.entries(params).every(([key, value]) => (deed.params as Record<string, unknown>)[key] === value);
}

/** What can be asked about a request: empty where it does not say. */
export interface RequestFacts {
  readonly model: string;
  readonly text: string;
  readonly how: string;
  readonly owner: string;
}

function factsOf(params: unknown): RequestFacts {
  const { model, text, how, owner } = params as {
    readonly model?: { readonly id: string };
    readonly text?: string;
    readonly how?: string;
    readonly owner?: string;
  };
  return { model: model?.id ?? '', text: text ?? '', how: how ?? '', owner: owner ?? '' };
}
