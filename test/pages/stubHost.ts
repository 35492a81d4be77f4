/** The extension host's end of the wire, played inside the page: it speaks the real protocol. */
import 'vscode-jsonrpc/browser';
import {
  AnalyseText,
  type AttentionSnapshot,
  type AttentionState,
  type AttentionView,
  CancelRun,
  Compare,
  Export,
  type ExportFormat,
  LookChanged,
  PageExplain,
  PageHead,
  PageInduction,
  PageLayerSteps,
  PageLayers,
  PagePicture,
  PagePositions,
  PagePredict,
  Perform,
  Ready,
  SaveView,
  ShowCode,
  SnapshotChanged,
} from '../../src/protocol/attentionPage';
import { attentionStringsEnglish, type AttentionStrings } from '../../src/protocol/attentionStrings';
import {
  OpenExample,
  PageEffects,
  PageEffectsProgress,
  PageExampleScore,
} from '../../src/protocol/effectsPage';
import { ScopeError } from '../../src/protocol/errors';
import { DecodePicture } from '../../src/protocol/picture';
import { answerPage, hearPage } from '../../src/panels/pageAnswers';
import { ask, createRpc } from '../../src/protocol/rpc';
import type { Positions } from '../../src/protocol/positions';
import { Combine, Patterns, SomeThumbnails } from '../../src/protocol/worker';
import {
  type RunWeights,
  combinedHeads,
  oneHead,
  patternsOf,
  thumbnailsOf,
} from '../../src/attention/runViews';
import type { LayerWeights } from '../../src/attention/weights';
import { type StackName, stackNames } from '../../src/protocol/seq2seq';
import { madeUpEffects } from './madeUpEffects';
import { type LayerCase, madeUpLayer, madeUpPositions } from './madeUpLayer';
import { type NumberCase, madeUpNumber } from './madeUpNumber';
import { type Scenario, madeUpLayers, madeUpView, spansOf } from './madeUpRun';

export type StubState =
  Exclude<AttentionState, { kind: 'ready' }> | { readonly kind: 'ready'; readonly scenario: Scenario };

export interface StubHost {
  show(state: StubState): void;
  /** What the page asked for, e.g. `head 0/1`. */
  readonly calls: string[];
  failHeads: boolean;
  /** What the model adds to its scores. */
  numbers: NumberCase;
  layerCase: LayerCase | 'failed';
  positions: Positions['kind'];
  /** Why the layers are refused, if they are. */
  refuseLayers: string | undefined;
  /** How effects are answered: as made up, never, or with this reason against it. */
  effects: string;
  saved: unknown;
  /** The file that was last kept. */
  exported: ArrayBuffer | undefined;
  /** The file of the picture on show; null for one that is broken. */
  picture: { readonly type: string; readonly base64: string } | null;
  /** Where the reader was in each run, as the page told. */
  readonly looks: { readonly runId: number; readonly look: unknown }[];
  /** Has the page keep what it shows. */
  saveView(format: ExportFormat): Promise<boolean>;
  /** Has the page decode a picture: the size of the PNG, or what it says. */
  decode(type: string, base64: string): Promise<string>;
}

declare global {
  interface Window {
    stub: StubHost;
    stubStart: { state: StubState; locale: string; strings?: AttentionStrings; saved?: unknown };
    acquireVsCodeApi: () => unknown;
  }
}

let deliver: (message: unknown) => void = () => undefined;
let scenario: Scenario | null = null;
/** As large as those of a process: a page must be able to ask for them. */
let runId = 2 ** 41;
/** The scenario beside it, and what the page was last shown. */
let other: Scenario | null = null;
let shown: AttentionSnapshot | null = null;
/** The compared run's number is the other's and this. */
const otherRuns = 5000;

const connection = createRpc({
  send: (message) => {
    window.postMessage(structuredClone(message), '*');
  },
  onMessage: (listener) => {
    deliver = listener;
    return { dispose: () => undefined };
  },
});

function snapshot(state: StubState): AttentionSnapshot {
  const { locale, strings } = window.stubStart;
  if (state.kind === 'ready') {
    scenario = state.scenario;
    runId += stackNames.length;
    return {
      locale,
      strings: strings ?? attentionStringsEnglish,
      standalone: false,
      state: { kind: 'ready', view: madeUpView(state.scenario, runId) },
      compared: null,
    };
  }
  return { locale, strings: strings ?? attentionStringsEnglish, standalone: false, state, compared: null };
}

window.stub = {
  show: (state) => {
    shown = snapshot(state);
    void connection.sendNotification(SnapshotChanged, shown);
  },
  calls: [],
  failHeads: false,
  numbers: 'plain',
  layerCase: 'post',
  positions: 'learned',
  refuseLayers: undefined,
  effects: 'plain',
  saved: undefined,
  exported: undefined,
  picture: null,
  looks: [],
  saveView: async (format) => (await ask(connection, SaveView, { format })).saved,
  decode: async (type, base64) => {
    try {
      const { buffer: bytes } = bytesOf(base64);
      const { png } = await ask(connection, DecodePicture, { name: 'some picture', type, bytes });
      const view = new DataView(png);
      return `${view.getUint32(16)} × ${view.getUint32(20)}`;
    } catch (error) {
      return error instanceof ScopeError ? `${error.code} ${error.detail ?? ''}` : String(error);
    }
  },
};

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    const copy: unknown = structuredClone(message);
    setTimeout(() => {
      deliver(copy);
    }, 0);
  },
  getState: () => window.stubStart.saved,
  setState: (state: unknown) => {
    window.stub.saved = structuredClone(state);
  },
});

hearPage(connection, LookChanged, (told) => {
  window.stub.looks.push(told);
});
answerPage(connection, Ready, () => (shown = snapshot(window.stubStart.state)));
answerPage(connection, PageHead, (request) => {
  window.stub.calls.push(`head ${request.layer}/${request.head}`);
  if (window.stub.failHeads) {
    throw new ScopeError('runExpired', `run ${request.runId}`);
  }
  return oneHead(storedRun(request.runId), request);
});
type MadeTokens = Pick<AttentionView, 'tokens' | 'causal' | 'grid'>;
let tokensMade: (MadeTokens & { of: Scenario }) | null = null;
function tokensOf(of: Scenario): MadeTokens {
  if (tokensMade?.of !== of) {
    tokensMade = { of, ...madeUpView(of, runId) };
  }
  return tokensMade;
}

/** Made once per run: at 512 tokens 144 heads take seconds. */
const made = new Map<string, LayerWeights[]>();
function layersOf(asked: number, of: Scenario, name: StackName | 'only'): LayerWeights[] {
  const key = `${asked} ${name}`;
  const layers = made.get(key) ?? madeUpLayers(of, name);
  made.set(key, layers);
  return layers;
}

function storedRun(asked: number): RunWeights {
  if (other && asked === runId + otherRuns) {
    const { tokens, causal } = madeUpView(other, asked);
    return { layers: layersOf(asked, other, 'only'), tokens, causal };
  }
  const stack = asked - runId;
  if (!scenario || !(scenario.stacked ? stackNames : ['only'])[stack]) {
    throw new ScopeError('runExpired', `run ${asked}`);
  }
  const { tokens, causal, grid } = tokensOf(scenario);
  if (!scenario.stacked) {
    return { layers: layersOf(asked, scenario, 'only'), tokens, causal, ...(grid ? { grid } : {}) };
  }
  const name = stackNames[stack] ?? 'encoder';
  const [queries, keys] = spansOf(scenario)[name].map(([start, end]) => tokens.slice(start, end));
  return {
    layers: layersOf(asked, scenario, name),
    tokens: queries ?? [],
    ...(name === 'cross' && keys ? { keyTokens: keys } : {}),
    causal: name === 'decoder',
  };
}

answerPage(connection, PagePicture, () => {
  const { picture } = window.stub;
  return picture
    ? { type: picture.type, bytes: bytesOf(picture.base64).buffer }
    : { type: 'image/png', bytes: new ArrayBuffer(8) };
});
answerPage(connection, Combine, (request) => {
  window.stub.calls.push(`${request.how} ${request.heads.length}`);
  return combinedHeads(storedRun(request.runId), request);
});
answerPage(connection, Patterns, (request) => patternsOf(storedRun(request.runId)));
answerPage(connection, SomeThumbnails, (request) => {
  window.stub.calls.push(`thumbnails ${request.kept.length}`);
  return thumbnailsOf(storedRun(request.runId), request);
});
answerPage(connection, PageInduction, (request) => {
  window.stub.calls.push('induction');
  return patternsOf(storedRun(request.runId));
});
answerPage(connection, PagePredict, ({ position, sampling }) => {
  window.stub.calls.push(`predict ${position} ${sampling.temperature ?? 1}`);
  const candidates = [0.5, 0.25, 0.125].map((probability, index) => ({
    id: index,
    piece: `piece${index}`,
    text: ` word${index}`,
    probability,
    drawn: sampling.temperature === 1 ? probability : probability ** 2,
  }));
  const actual = { id: 1, piece: 'piece1', probability: 0.25, rank: 2 };
  return { head: scenario?.causal ? 'causal' : 'masked', position, candidates, actual } as const;
});
answerPage(connection, PageLayers, async ({ position }) => {
  window.stub.calls.push(`layers ${position}`);
  // Long enough for the page to be seen waiting.
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (window.stub.refuseLayers !== undefined) {
    throw new ScopeError('modelUnsupported', window.stub.refuseLayers);
  }
  const { layers = 0, words = [], causal = false } = scenario ?? {};
  const actual = { id: 1, piece: words[position + (causal ? 1 : 0)] ?? '', probability: 0.2 };
  return {
    head: causal ? ('causal' as const) : ('masked' as const),
    position,
    layers: Array.from({ length: layers + 1 }, (_, layer) => ({
      layer,
      candidates: [0.5, 0.25, 0.125].map((share, index) => ({
        id: index,
        piece: `piece${index}`,
        text: ` word${index}`,
        probability: (share * (layer + 1)) / (layers + 1),
      })),
      entropyBits: 12 - layer,
      actual: position + 1 < words.length ? { ...actual, rank: 1000 - layer } : null,
    })),
  };
});
answerPage(connection, PageExplain, (request) => {
  const { layer, head, query, key } = request;
  window.stub.calls.push(`explain ${layer}/${head} ${query} ${key}`);
  const { tokens, causal } = storedRun(request.runId);
  return madeUpNumber(request, tokens.length, causal, window.stub.numbers);
});
answerPage(connection, PageLayerSteps, (request) => {
  const { layer, query, dimension, runId: asked } = request;
  window.stub.calls.push(`steps ${layer} ${query} ${dimension}`);
  if (window.stub.layerCase === 'failed') {
    throw new ScopeError('inferenceFailed', 'a tensor is missing');
  }
  return madeUpLayer(request, storedRun(asked).layers[0]?.numHeads ?? 1, window.stub.layerCase);
});
answerPage(connection, PagePositions, (request) => {
  window.stub.calls.push(`positions ${request.layer} ${request.head}`);
  const { layers, causal } = storedRun(request.runId);
  return madeUpPositions(request, layers, causal, window.stub.positions);
});
answerPage(connection, ShowCode, ({ step }) => {
  window.stub.calls.push(`code ${step}`);
  return null;
});
answerPage(connection, PageEffects, async ({ method, params }, token) => {
  window.stub.calls.push(`${method} ${JSON.stringify(params)}`);
  const { effects } = window.stub;
  if (effects === 'slow') {
    void connection.sendNotification(PageEffectsProgress, { done: 1, total: 3 });
    await new Promise((resolve) => token.onCancellationRequested(resolve));
    throw new ScopeError('cancelled');
  }
  if (effects !== 'plain') {
    throw new ScopeError('modelUnsupported', effects);
  }
  return madeUpEffects(scenario as Scenario, method, params as Record<string, unknown>);
});
answerPage(connection, PageExampleScore, ({ example }) => {
  const does = example === 'words';
  const counts = {
    numPrompts: 32,
    numAbove: does ? 30 : 12,
    numFirst: 1,
    meanDifference: does ? 1.76 : -0.6,
  };
  return { ...counts, direct: { heads: Float32Array.of(0, 1, -1, 0.5).buffer, numHeads: 2 } };
});
answerPage(connection, OpenExample, ({ example }) => {
  window.stub.calls.push(`example ${example}`);
  return null;
});
answerPage(connection, AnalyseText, ({ text, second }) => {
  window.stub.calls.push(second === undefined ? `analyse ${text}` : `analyse ${text} | ${second}`);
  return null;
});
answerPage(connection, Compare, (request) => {
  window.stub.calls.push(`compare ${request.with}`);
  other =
    scenario && request.with === 'text'
      ? { ...scenario, words: ['[CLS]', ...request.text.split(' '), '[SEP]'] }
      : request.with === 'picture'
        ? scenario
        : null;
  if (shown) {
    shown = {
      ...shown,
      compared: other ? { kind: 'ready', view: madeUpView(other, runId + otherRuns) } : null,
    };
    void connection.sendNotification(SnapshotChanged, shown);
  }
  return null;
});
answerPage(connection, Export, ({ format, content }) => {
  window.stub.calls.push(`export ${format}`);
  window.stub.exported = content;
  return { saved: true };
});
answerPage(connection, Perform, ({ action }) => {
  window.stub.calls.push(`perform ${action}`);
  return null;
});
answerPage(connection, CancelRun, () => {
  window.stub.calls.push('cancel');
  return null;
});
connection.listen();
