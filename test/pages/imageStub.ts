/** The extension host's end of the wire of pictures and words, played inside the page: it speaks the real protocol. */
import 'vscode-jsonrpc/browser';
import { parseLabels, parseTemplates } from '../../src/attention/labelList';
import { ScopeError } from '../../src/protocol/errors';
import * as page from '../../src/protocol/imagePage';
import { type ImageStrings, imageStringsEnglish } from '../../src/protocol/imageStrings';
import { answerPage } from '../../src/panels/pageAnswers';
import { createRpc } from '../../src/protocol/rpc';

export interface ImageStart {
  /** Pictures on every tab; 0 is a page that was just opened. */
  readonly numPictures: number;
  readonly locale: string;
  readonly strings?: ImageStrings;
}

export interface ImageStub {
  readonly calls: string[];
  update(changed: Partial<page.ImageState>): void;
  state(): page.ImageState;
}

declare global {
  interface Window {
    imageStub: ImageStub;
    imageStart: ImageStart;
  }
}

const calls: string[] = [];
let deliver: (message: unknown) => void = () => undefined;
const connection = createRpc({
  send: (message) => {
    window.postMessage(structuredClone(message), '*');
  },
  onMessage: (listener) => {
    deliver = listener;
    return { dispose: () => undefined };
  },
});

const { numPictures, locale, strings = imageStringsEnglish } = window.imageStart;
const labels = [
  'red circle',
  'blue square',
  'green tree',
  'black cat',
  'pink cup',
  'yellow moon',
  'purple car',
];
const pictures = Array.from({ length: numPictures }, (_, id): page.ShownPicture => ({
  id,
  name: `picture number ${id}.png`,
  path: `some/folder/picture number ${id}.png`,
}));
const nothing: page.TextNotes = { unknown: [], numCut: 0 };
const [first = null] = pictures;

let state: page.ImageState = {
  tab: 'labels',
  model: first && {
    id: 'scope-clip',
    graphFiles: ['onnx/model_quantized.onnx'],
    maxTokens: 32,
    scale: { value: 30.449, source: 'graph' },
    insteadOf: null,
    hasExamples: true,
  },
  labels: {
    pictures,
    numOffered: numPictures,
    labels: first ? labels : [],
    templates: ['This is a photo of {}.'],
    run: { state: 'idle' },
    results: pictures.map(({ id }) => ({ id, scores: scoresOf(id) })),
    skipped: first ? [{ path: 'some/broken.png', reason: 'a broken PNG' }] : [],
    notes: first ? { unknown: ['giraffe'], numCut: 1 } : nothing,
    milliseconds: first && { texts: 12.34, pictures: 56.7 },
  },
  search: {
    folder: first && { name: 'folder', path: '/some/folder' },
    query: first ? 'a red circle' : '',
    run: { state: 'idle' },
    numPictures,
    numIndexed: numPictures,
    numAdded: 2,
    numDropped: 1,
    isLimited: false,
    found: pictures.map((picture) => ({ picture, cosine: 0.9 - picture.id / 10 })),
    skipped: [],
    numSkipped: 0,
    notes: nothing,
    milliseconds: first && 3.21,
  },
  captions: {
    picture: first,
    texts: first ? ['a red circle', 'a blue square'] : [],
    source: first && 'notes.md',
    numOffered: first ? 2 : 0,
    run: { state: 'idle' },
    found: first
      ? [
          { index: 1, text: 'a blue square', cosine: 0.5, line: 7 },
          { index: 0, text: 'a red circle', cosine: -0.1, line: 3 },
        ]
      : [],
    notes: nothing,
    milliseconds: first && 4.5,
  },
};

/** Softmax of made-up cosines at a scale of 10. */
function scoresOf(id: number): page.LabelScore[] {
  const cosines = labels.map((_, index) => 0.8 - 0.2 * ((index + id) % labels.length));
  const sum = cosines.reduce((total, cosine) => total + Math.exp(10 * cosine), 0);
  return labels
    .map((label, index) => {
      const cosine = cosines[index] ?? 0;
      return { label, cosine, logit: 10 * cosine, probability: Math.exp(10 * cosine) / sum };
    })
    .sort((a, b) => b.probability - a.probability);
}

/** A square of one colour, so that a test can tell which picture it sees. */
async function pictureOf(id: number): Promise<ArrayBuffer> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 20;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = `rgb(${10 * id} 100 200)`;
  context.fillRect(0, 0, 20, 20);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve);
  });
  return (blob as Blob).arrayBuffer();
}

function update(changed: Partial<page.ImageState>): void {
  state = { ...state, ...changed };
  void connection.sendNotification(page.ImagesChanged, changed);
}

window.imageStub = { calls, update, state: () => state };
window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    const copy: unknown = structuredClone(message);
    setTimeout(() => {
      deliver(copy);
    }, 0);
  },
  getState: () => undefined,
  setState: () => undefined,
});

answerPage(connection, page.ImagesReady, () => ({ ...state, locale, strings }));
answerPage(connection, page.ShowTab, ({ tab }) => {
  calls.push(`tab ${tab}`);
  update({ tab });
  return null;
});
answerPage(connection, page.SetLabels, (typed) => {
  calls.push(`labels ${typed.labels} | ${typed.templates}`);
  update({
    labels: {
      ...state.labels,
      labels: parseLabels(typed.labels),
      templates: parseTemplates(typed.templates),
    },
  });
  return null;
});
answerPage(connection, page.SetQuery, ({ query }) => {
  calls.push(`query ${query}`);
  update({ search: { ...state.search, query } });
  return null;
});
answerPage(connection, page.SetCaptions, ({ texts }) => {
  calls.push(`captions ${texts}`);
  return null;
});
answerPage(connection, page.PictureFile, async ({ id }) => {
  if (id === 1) {
    throw new ScopeError('pictureUnreadable', 'broken');
  }
  return { type: 'image/png', bytes: await pictureOf(id) };
});
answerPage(connection, page.UsePicture, ({ id, how }) => {
  calls.push(`use ${id} ${how}`);
  return null;
});
answerPage(connection, page.ShowText, ({ index }) => {
  calls.push(`text ${index}`);
  return null;
});
answerPage(connection, page.StopImages, ({ tab }) => {
  calls.push(`stop ${tab}`);
  return null;
});
answerPage(connection, page.PerformImages, ({ action }) => {
  calls.push(`perform ${action}`);
  if (action === 'exampleLabels') {
    update({ labels: { ...state.labels, labels: ['one', 'two'] } });
  }
  if (action === 'openLog') {
    throw new ScopeError('internal');
  }
  return null;
});
connection.listen();
