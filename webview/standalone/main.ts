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
  CancelRun,
  PageHead,
  Perform,
  Ready,
} from '../../src/protocol/attentionPage';
import { stacksOf } from '../../src/attention/stack';
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
  const { state } = snapshot;
  if (state.kind !== 'ready') {
    return { snapshot, runs: new Map() };
  }
  const { view } = state;
  const packed = await inflate('weights');
  const runs = new Map<number, RunWeights>();
  let offset = 0;
  const stacks = stacksOf(view).map((stack) => {
    const { queries, keys, numLayers, numHeads, causal } = stack;
    const tokens = view.tokens.slice(queries.start, queries.end);
    const keyTokens = view.tokens.slice(keys.start, keys.end);
    const bytes = numLayers * numHeads * tokens.length * keyTokens.length;
    const part = packed.subarray(offset, offset + bytes);
    offset += bytes;
    const layers = unpackWeights(part, numLayers, numHeads, tokens.length, keyTokens.length);
    const isCross = queries.start !== keys.start;
    runs.set(stack.runId, { layers, tokens, causal, ...(isCross ? { keyTokens } : {}) });
    const { size, data } = makeThumbnails(layers);
    return { ...stack, thumbnails: { size, data: data.buffer } };
  });
  const thumbnails = stacks[0]?.thumbnails ?? view.thumbnails;
  const restored = view.stacks?.map((stack) => ({
    ...stack,
    thumbnails: stacks.find((each) => each.runId === stack.runId)?.thumbnails ?? thumbnails,
  }));
  const shown = { ...view, thumbnails, ...(restored ? { stacks: restored } : {}) };
  return { snapshot: { ...snapshot, state: { kind: 'ready', view: shown } }, runs };
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
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
