import { notesAsMarkdown, notesBegin, notesEnd } from './notes';

/** A report as blocks, and its two forms. Text is data: neither form lets it become markup. */

/** A table; cells are text. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type Block =
  | { readonly kind: 'heading' | 'subheading' | 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | ({ readonly kind: 'table' } & Table)
  /** `svg` is our own drawing, with its texts escaped. */
  | { readonly kind: 'chart'; readonly title: string; readonly svg: string; readonly text: string }
  /** A drawing beside the numbers that it shows, for those who do not see it. */
  | {
      readonly kind: 'figure';
      readonly title: string;
      readonly svg: string;
      /** What the table is called where it is folded away. */
      readonly numbers: string;
      readonly table: Table;
    }
  /** The reader's own; they stay when the report is written again, see `notes.ts`. */
  | { readonly kind: 'notes'; readonly text: string };

export function toMarkdown(title: string, blocks: readonly Block[]): string {
  return `${[`# ${line(title)}`, ...blocks.map(markdownOf)].join('\n\n')}\n`;
}

function markdownOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${line(block.text)}`;
    case 'subheading':
      return `### ${line(block.text)}`;
    case 'text':
      return line(block.text);
    case 'code':
      return fenced(block.text);
    case 'list':
      return block.items.map((item) => `- ${line(item)}`).join('\n');
    case 'chart':
      return `**${line(block.title)}**\n\n${fenced(block.text)}`;
    case 'table':
      return markdownTable(block);
    case 'figure':
      return `![${line(block.title)}](${imageOf(block.svg)})\n\n*${line(block.title)}*\n\n${markdownTable(block.table)}`;
    case 'notes':
      return `${notesBegin}\n\n${notesAsMarkdown(block.text)}\n\n${notesEnd}`;
  }
}

function markdownTable({ head, rows }: Table): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(line).join(' | ')} |`;
  return [row(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(row)].join('\n');
}

/** One line in which nothing is markup: a backslash before ASCII punctuation is always literal (CommonMark 2.4). */
function line(text: string): string {
  return readable(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|#~$&]|:(?=\/\/)|(?<=\bwww)\.|@/gi, '\\$&')
    .replace(/^(?:[-+](?=\s|$)|[-=](?=[-=\s]*$))/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** The drawing as an image's address. An image knows nothing of the page's colours, so it brings a ground. */
function imageOf(svg: string): string {
  const alone = svg.replace('<svg ', '<svg style="color:#1f2328;background:#fff" ');
  const bytes = new TextEncoder().encode(alone);
  return `data:image/svg+xml;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

export function toHtml(title: string, blocks: readonly Block[], language: string): string {
  return `<!DOCTYPE html>
<html lang="${language === 'zh' ? 'zh-Hans' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${blocks.map(htmlOf).join('\n')}
</body>
</html>
`;
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`;
    case 'subheading':
      return `<h3>${escaped(block.text)}</h3>`;
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'code':
      return `<pre>${escaped(block.text)}</pre>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'chart':
      return `<figure><figcaption>${escaped(block.title)}</figcaption>${block.svg}</figure>`;
    case 'table':
      return htmlTable(block);
    case 'figure':
      return (
        `<figure><figcaption>${escaped(block.title)}</figcaption><div class="wide">${block.svg}</div>` +
        `<details><summary>${escaped(block.numbers)}</summary>${htmlTable(block.table)}</details></figure>`
      );
    case 'notes':
      return `${notesBegin}<div class="notes">${escaped(block.text.trimEnd())}</div>${notesEnd}`;
  }
}

function htmlTable({ head, rows }: Table): string {
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => row(cells, 'td')).join('');
  return `<div class="wide"><table><thead>${row(head, 'th')}</thead><tbody>${body}</tbody></table></div>`;
}

/** For text inside elements and attributes. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return readable(text).replace(/[&<>"']/g, (char) => entities[char] as string);
}

/** Without characters that XML forbids: half a character of a byte-level token would break a whole drawing. */
function readable(text: string): string {
  return text.toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
}

/** SHA-256 of {@link style}, by which a browser knows it: a report has no other style, and no script. */
const styleHash = 'ce7mcAnpS59UUHB3ttKr8E/WLw6IgmTzH9OKK4so9rA=';
const style = `
:root { color-scheme: light dark; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; font: 15px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; }
p, li { max-width: 52rem; }
pre { padding: .7rem .9rem; border: 1px solid #8886; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #8886; text-align: start; vertical-align: top; }
figure { margin: 1rem 0; } figcaption { font-weight: 600; margin-bottom: .4rem; } svg { max-width: 100%; height: auto; }
.notes { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 3rem; padding: .7rem .9rem; border: 1px dashed #8888; border-radius: 4px; }
details { margin-top: .4rem; } summary { cursor: pointer; }
`;
