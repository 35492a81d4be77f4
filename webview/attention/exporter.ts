import { Export, type ExportFormat } from '../../src/protocol/attentionPage';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import { colorize } from '../common/raster';
import { fill, formatWeight } from '../common/format';
import type { MenuItem } from '../common/menu';
import { type Theme, readTheme } from '../common/theme';
import { pictureCsv, pictureJson, pictureTitle } from './exportData';
import { pictureSvg } from './exportSvg';
import type { HeadMatrix } from './headMatrix';
import type { Store } from './store';

/** From this many cells on the matrix of an SVG is a bitmap. */
const maxVectorCells = 96 * 96;
/** Device pixels per CSS pixel of a PNG. */
const pngScale = 2;

/** Sends what is to be kept to the host, which asks where. */
export class Exporter {
  constructor(private readonly connection: MessageConnection) {}

  async save(store: Store, format: ExportFormat): Promise<boolean> {
    // Of an encoder-decoder the stack on show is kept; a page of its own carries all of it.
    const runId = (format === 'npy' ? store.stack?.runId : store.view?.runId) ?? -1;
    const content = await contentOf(store, format);
    return (await ask(this.connection, Export, { runId, format, content })).saved;
  }

  /** Puts the picture on the clipboard. */
  async copy(store: Store): Promise<void> {
    const png = await pngOf(svgOf(store));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  }
}

/** The ways to keep what is shown. */
export function exportMenu(
  store: Store,
  exporter: Exporter,
  strings: AttentionStrings,
  announce: (text: string) => void,
): MenuItem[] {
  const item = (label: string, run: () => Promise<string>): MenuItem => ({
    label,
    run: () => {
      run().then(announce, () => {
        announce(strings.exportFailed);
      });
    },
  });
  const save = (format: ExportFormat, label: string): MenuItem =>
    item(label, async () => ((await exporter.save(store, format)) ? strings.exported : ''));
  return [
    save('png', strings.exportPng),
    save('svg', strings.exportSvg),
    item(strings.copyImage, async () => {
      await exporter.copy(store);
      return strings.copied;
    }),
    save('csv', strings.exportCsv),
    save('json', strings.exportJson),
    save('npy', strings.exportNpy),
    save('html', strings.exportHtml),
  ];
}

async function contentOf(store: Store, format: ExportFormat): Promise<ArrayBuffer> {
  const { view, lens, layer, head, headState } = store;
  if (!view || headState.kind !== 'ready') {
    throw new Error('Nothing is shown yet.');
  }
  switch (format) {
    case 'svg':
      return bytesOf(svgOf(store));
    case 'png':
      return (await pngOf(svgOf(store))).arrayBuffer();
    case 'csv':
      // The mark at the front tells spreadsheets that this is UTF-8.
      return bytesOf(`\ufeff${pictureCsv(headState.picture)}`);
    case 'json':
      return bytesOf(pictureJson(view, lens, layer, head, headState.picture));
    case 'html':
      return bytesOf(JSON.stringify({ theme: document.body.className, style: themeVariables() }));
    case 'npy':
      return new ArrayBuffer(0);
  }
}

function svgOf(store: Store): string {
  const { view, lens, layer, head, headState, focus, stack, snapshot } = store;
  if (!view || headState.kind !== 'ready') {
    throw new Error('Nothing is shown yet.');
  }
  const { strings } = snapshot;
  const { picture } = headState;
  const theme = readTheme();
  const { name, startLine, endLine } = view.source;
  return pictureSvg({
    picture,
    title: pictureTitle(view, stack, lens, layer, head, strings),
    subtitle: fill(strings.sourceLines, name, startLine, endLine),
    legend: fill(strings.legend, formatWeight(picture.matrix.max)),
    focus,
    theme,
    bitmap: picture.matrix.weights.length > maxVectorCells ? bitmapOf(picture.matrix, theme) : null,
  });
}

/** One pixel per weight, as a data URL. */
function bitmapOf(matrix: HeadMatrix, theme: Theme): string {
  const extent = { rows: matrix.queries.length, columns: matrix.keys.length };
  const canvas = document.createElement('canvas');
  canvas.width = extent.columns;
  canvas.height = extent.rows;
  const image = new ImageData(extent.columns, extent.rows);
  const target = new Uint32Array(image.data.buffer);
  colorize(matrix.weights, extent, matrix.max, theme.ramp.pixels, target, 0, extent.columns);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas.toDataURL('image/png');
}

async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * pngScale;
  canvas.height = image.naturalHeight * pngScale;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) {
        resolve(blob);
      } else {
        reject(new Error('The picture is too large.'));
      }
    }, 'image/png');
  });
}

/** The colours that VS Code gave this page, so that an exported file looks the same. */
function themeVariables(): Record<string, string> {
  const { style } = document.documentElement;
  return Object.fromEntries(
    Array.from(style)
      .filter((name) => name.startsWith('--vscode-'))
      .map((name) => [name, style.getPropertyValue(name)]),
  );
}

function bytesOf(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}
