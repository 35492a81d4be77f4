import type { AttentionSnapshot, AttentionState } from '../protocol/attentionPage';
import type { StandaloneData } from '../protocol/standalone';

/** The files of a page, as they lie in `dist/pages`. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
  /** Plays the extension's part inside the file. */
  readonly standalone: string;
  /** The icon font. */
  readonly font: Uint8Array;
}

/** How the page looked when it was kept. */
export interface PageLook {
  /** The pictures on show as data URLs, by run. */
  readonly pictures?: Readonly<Record<number, string>>;
  /** The classes of the body, by which styles know the kind of theme. */
  readonly theme: string;
  /** VS Code's colour variables. */
  readonly style: Readonly<Record<string, string>>;
}

/**
 * One HTML file that shows a run as the panel does, needs nothing else and reaches for nothing: scripts,
 * styles, font and all weights are in it.
 * @param packed what `packWeights` made, of every stack of the run and then of the compared run, one after the other
 */
export async function standaloneHtml(
  snapshot: AttentionSnapshot,
  packed: Uint8Array,
  look: PageLook,
  parts: PageParts,
): Promise<string> {
  const data: StandaloneData = {
    snapshot: {
      ...snapshot,
      standalone: true,
      state: withoutThumbnails(snapshot.state),
      // A comparison that is not there yet cannot come any more.
      compared: snapshot.compared?.kind === 'ready' ? withoutThumbnails(snapshot.compared) : null,
    },
    look,
  };
  const payload = {
    snapshot: base64(await gzipped(JSON.stringify(data))),
    weights: base64(await gzipped(packed)),
  };
  const font = `url(data:font/ttf;base64,${base64(parts.font)})`;
  // Only what is in the file runs: nothing that a text of the run might bring knows this number.
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const style = parts.style.replace(/url\([^)]*\.ttf[^)]*\)/g, font);
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(snapshot.locale)}">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; font-src data:; img-src data:">
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Transformer Scope</title>
    <style nonce="${nonce}">${style}</style>
  </head>
  <body>
    <div id="root"></div>
    <script type="application/octet-stream" id="snapshot">${payload.snapshot}</script>
    <script type="application/octet-stream" id="weights">${payload.weights}</script>
    <script nonce="${nonce}">${closed(parts.standalone)}</script>
    <script nonce="${nonce}">${closed(parts.script)}</script>
  </body>
</html>
`;
}

/** Thumbnails are made again from the weights. */
function withoutThumbnails(state: AttentionState): AttentionState {
  if (state.kind !== 'ready') {
    return state;
  }
  const thumbnails = { size: 0, data: new ArrayBuffer(0) };
  const { view } = state;
  const stacks = view.stacks ? { stacks: view.stacks.map((stack) => ({ ...stack, thumbnails })) } : {};
  return { kind: 'ready', view: { ...view, thumbnails, ...stacks } };
}

async function gzipped(content: string | Uint8Array): Promise<Uint8Array> {
  const compressed = new Blob([content as string | Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed as ReadableStream<Uint8Array>).arrayBuffer());
}

function base64(bytes: Uint8Array): string {
  let text = '';
  // In parts: a call takes only so many arguments. Each part but the last is a multiple of three bytes.
  for (let start = 0; start < bytes.length; start += 0x6000) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + 0x6000)));
  }
  return text;
}

/** A script inside HTML must not contain its own end. */
function closed(script: string): string {
  return script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

function escapeAttribute(text: string): string {
  return text.replace(/[^\w-]/g, '');
}
