import { Export, type ExportFormat } from '../../src/protocol/attentionPage';
import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import type { MenuItem } from '../common/menu';
import type { ComparedRun } from './comparedRun';
import { shownCsv, shownJson } from './exportData';
import { pictureUrls, svgOf } from './exportScene';
import type { ShownPictures } from './shownPictures';
import type { Store } from './store';

/** Device pixels per CSS pixel of a PNG. */
const pngScale = 2;

/** Sends what is to be kept to the host, which asks where. */
export class Exporter {
  constructor(
    private readonly connection: MessageConnection,
    private readonly pictures: ShownPictures,
  ) {}

  async save(store: Store, compared: ComparedRun, format: ExportFormat): Promise<boolean> {
    // Of an encoder-decoder the stack on show is kept; a page of its own carries all of it.
    const runId = (format === 'npy' ? store.stack?.runId : store.view?.runId) ?? -1;
    const content = await this.contentOf(store, compared, format);
    return (await ask(this.connection, Export, { runId, format, content })).saved;
  }

  /** Puts the picture on the clipboard. */
  async copy(store: Store, compared: ComparedRun): Promise<void> {
    const png = await pngOf(await svgOf(store, compared, this.pictures));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  }

  private async contentOf(store: Store, compared: ComparedRun, format: ExportFormat): Promise<ArrayBuffer> {
    const { view, headState } = store;
    if (!view || headState.kind !== 'ready') {
      throw new Error('Nothing is shown yet.');
    }
    const { pictures } = this;
    switch (format) {
      case 'svg':
        return bytesOf(await svgOf(store, compared, pictures));
      case 'png':
        return (await pngOf(await svgOf(store, compared, pictures))).arrayBuffer();
      case 'csv':
        // The mark at the front tells spreadsheets that this is UTF-8.
        return bytesOf(`\ufeff${shownCsv(headState.picture, compared.shown, store.snapshot.strings)}`);
      case 'json':
        return bytesOf(shownJson(store, view, headState.picture, compared));
      case 'html': {
        const views = compared.shown ? [view, compared.shown.view] : [view];
        const look = { theme: document.body.className, style: themeVariables() };
        return bytesOf(JSON.stringify({ ...look, pictures: await pictureUrls(views, pictures) }));
      }
      case 'npy':
        return new ArrayBuffer(0);
    }
  }
}

/** The ways to keep what is shown. */
export function exportMenu(
  store: Store,
  compared: ComparedRun,
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
    item(label, async () => ((await exporter.save(store, compared, format)) ? strings.exported : ''));
  return [
    save('png', strings.exportPng),
    save('svg', strings.exportSvg),
    item(strings.copyImage, async () => {
      await exporter.copy(store, compared);
      return strings.copied;
    }),
    save('csv', strings.exportCsv),
    save('json', strings.exportJson),
    save('npy', strings.exportNpy),
    save('html', strings.exportHtml),
  ];
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
