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
  readonly run: RunWeights;
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
answer(connection, PageHead, async (request) => oneHead((await content).run, request));
answer(connection, Combine, async (request) => combinedHeads((await content).run, request));
answer(connection, Patterns, async () => patternsOf((await content).run));
answer(connection, SomeThumbnails, async (request) => thumbnailsOf((await content).run, request));
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
    return { snapshot, run: { layers: [], tokens: [], causal: false } };
  }
  const { view } = state;
  const { numLayers, numHeads } = view.model;
  const layers = unpackWeights(await inflate('weights'), numLayers, numHeads, view.tokens.length);
  const { size, data } = makeThumbnails(layers);
  const shown = { ...view, thumbnails: { size, data: data.buffer } };
  return {
    snapshot: { ...snapshot, state: { kind: 'ready', view: shown } },
    run: { layers, tokens: view.tokens, causal: view.causal },
  };
}

/** A gzipped part of this file. */
async function inflate(id: string): Promise<Uint8Array> {
  const text = document.getElementById(id)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
