/** Plays the extension's part inside an exported file: answers the page from the data in the file. */
import 'vscode-jsonrpc/browser';
import { unpackWeights } from '../../src/attention/packWeights';
import {
  type RunWeights,
  combinedHeads,
  oneHead,
  patternsOf,
  thumbnailsOf,
} from '../../src/attention/runViews';
import { makeThumbnails } from '../../src/attention/thumbnails';
import {
  type AttentionSnapshot,
  type AttentionState,
  type AttentionView,
  CancelRun,
  PageHead,
  PagePicture,
  Perform,
  Ready,
} from '../../src/protocol/attentionPage';
import { type Stack, stacksOf } from '../../src/attention/stack';
import type { Thumbnails } from '../../src/protocol/attention';
import { ScopeError } from '../../src/protocol/errors';
import { answer, createRpc } from '../../src/protocol/rpc';
import type { StandaloneData } from '../../src/protocol/standalone';
import { Combine, Patterns, SomeThumbnails } from '../../src/protocol/worker';

declare global {
  interface Window {
    acquireVsCodeApi: () => unknown;
  }
}

interface Content {
  readonly snapshot: AttentionSnapshot;
  /** By `runId`. */
  readonly runs: ReadonlyMap<number, RunWeights>;
  /** Data URLs, by run. */
  readonly pictures: Readonly<Record<number, string>>;
}

let deliver: (message: unknown) => void = () => undefined;
let saved: unknown;
const content = read();

window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    queueMicrotask(() => {
      deliver(message);
    });
  },
  getState: () => saved,
  setState: (state: unknown) => {
    saved = state;
  },
});

const connection = createRpc({
  send: (message) => {
    window.dispatchEvent(new MessageEvent('message', { data: message }));
  },
  onMessage: (listener) => {
    deliver = listener;
    return { dispose: () => undefined };
  },
});
answer(connection, Ready, async () => (await content).snapshot);
answer(connection, PageHead, async (request) => oneHead(await runOf(request), request));
answer(connection, Combine, async (request) => combinedHeads(await runOf(request), request));
answer(connection, Patterns, async (request) => patternsOf(await runOf(request)));
answer(connection, SomeThumbnails, async (request) => thumbnailsOf(await runOf(request), request));
answer(connection, PagePicture, async ({ runId }) => {
  const [head = '', base64 = ''] = ((await content).pictures[runId] ?? '').split(',');
  return { type: /^data:([^;]+)/.exec(head)?.[1] ?? '', bytes: bytesOf(base64).buffer };
});
answer(connection, Perform, () => null);
answer(connection, CancelRun, () => null);
connection.listen();

async function read(): Promise<Content> {
  const { snapshot, look } = JSON.parse(
    new TextDecoder().decode(await inflate('snapshot')),
  ) as StandaloneData;
  document.body.className = look.theme;
  for (const [name, value] of Object.entries(look.style)) {
    document.documentElement.style.setProperty(name, value);
  }
  const packed = await inflate('weights');
  const runs = new Map<number, RunWeights>();
  let offset = 0;
  const restored = (state: AttentionState): AttentionState => {
    if (state.kind !== 'ready') {
      return state;
    }
    const stacks = stacksOf(state.view).map((stack) => {
      const { run, bytes } = unpacked(packed.subarray(offset), state.view, stack);
      offset += bytes;
      runs.set(stack.runId, run);
      const { size, data } = makeThumbnails(run.layers);
      return { ...stack, thumbnails: { size, data: data.buffer } };
    });
    return { kind: 'ready', view: withThumbnails(state.view, stacks) };
  };
  const state = restored(snapshot.state);
  const compared = snapshot.compared && restored(snapshot.compared);
  return { snapshot: { ...snapshot, state, compared }, runs, pictures: look.pictures ?? {} };
}

/** The weights of a stack, which come first in `packed`. */
function unpacked(
  packed: Uint8Array,
  view: AttentionView,
  { queries, keys, numLayers, numHeads, causal }: Stack,
): { run: RunWeights; bytes: number } {
  const tokens = view.tokens.slice(queries.start, queries.end);
  const keyTokens = view.tokens.slice(keys.start, keys.end);
  const bytes = numLayers * numHeads * tokens.length * keyTokens.length;
  const layers = unpackWeights(
    packed.subarray(0, bytes),
    numLayers,
    numHeads,
    tokens.length,
    keyTokens.length,
  );
  const isCross = queries.start !== keys.start;
  const { grid } = view;
  const run = { layers, tokens, causal, ...(isCross ? { keyTokens } : {}), ...(grid ? { grid } : {}) };
  return { run, bytes };
}

function withThumbnails(view: AttentionView, stacks: readonly Stack[]): AttentionView {
  const of = (runId: number): Thumbnails =>
    stacks.find((each) => each.runId === runId)?.thumbnails ?? view.thumbnails;
  const all = view.stacks?.map((stack) => ({ ...stack, thumbnails: of(stack.runId) }));
  return { ...view, thumbnails: of(view.runId), ...(all ? { stacks: all } : {}) };
}

async function runOf({ runId }: { readonly runId: number }): Promise<RunWeights> {
  const run = (await content).runs.get(runId);
  if (!run) {
    throw new ScopeError('runExpired');
  }
  return run;
}

/** A gzipped part of this file. */
async function inflate(id: string): Promise<Uint8Array> {
  const text = document.getElementById(id)?.textContent ?? '';
  const bytes = bytesOf(text);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
