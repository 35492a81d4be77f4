/** The reader's own notes inside a report, which stay when the report is written again. */

export const notesBegin = '<!-- notes:begin -->';
export const notesEnd = '<!-- notes:end -->';
const anyMarker = /<!--(?=\s*notes:)/g;

/**
 * Notes as they stand in Markdown: the reader's own Markdown, but no HTML, and nothing that reaches beyond
 * the section. {@link notesFromMarkdown} gives them back.
 */
export function notesAsMarkdown(notes: string): string {
  let fence = '';
  return kept(notes)
    .split('\n')
    .map((line) => {
      const inside = fence !== '';
      fence = fenceAfter(fence, line);
      // `<` in a fence is text already, and would be shown as an entity.
      return inside && fence !== '' ? line.replace(anyMarker, '&lt;!--') : withoutTags(line);
    })
    .join('\n');
}

/** The notes of a report, also after edits by hand; undefined where the report has no place for notes. */
export function notesOf(existing: string): string | undefined {
  const text = existing.replace(/\r\n?/g, '\n');
  return /^\s*<!doctype html/i.test(text) ? notesFromHtml(text) : notesFromMarkdown(text);
}

/**
 * The notes for the next report from those of the panel and those found in the file. `written` are those that
 * the panel wrote into the file the last time, where it remembers: whoever did not change them gives way.
 * Else nothing that stands in either is lost: where both were changed, the lines that they begin with alike
 * come once, then the rest of the panel's, then the rest of the file's.
 */
export function mergeNotes(panelNotes: string, fileNotes: string | undefined, written?: string): string {
  const panel = kept(panelNotes);
  const file = kept(fileNotes ?? '');
  const base = written === undefined ? undefined : kept(written);
  if (panel === base || file === base) {
    return file === base ? panel : file;
  }
  if (panel.includes(file) || file.includes(panel)) {
    return panel.includes(file) ? panel : file;
  }
  const [ours, theirs] = [panel.split('\n'), file.split('\n')];
  const differ = ours.findIndex((line, index) => line !== theirs[index]);
  const rest = theirs.slice(differ).join('\n').trim();
  return `${panel}\n\n${rest}`;
}

/** Without blank ends, and with a code fence closed that would swallow what follows. */
function kept(notes: string): string {
  const text = notes
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
  const open = text.split('\n').reduce(fenceAfter, '');
  return open === '' ? text : `${text}\n${open}`;
}

/** The fence that is open after a line: its own characters, or nothing. Indented fences end by themselves. */
function fenceAfter(open: string, line: string): string {
  if (open === '') {
    return /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[0] ?? '';
  }
  const closes =
    line.startsWith(open) && line.trimEnd() === (open[0] as string).repeat(line.trimEnd().length);
  return closes ? '' : open;
}

/** Reversible: what looks like our entity already gets one more `amp;`. */
function withoutTags(line: string): string {
  return line.replace(/&(?=(?:amp;)*lt;)/g, '&amp;').replace(/</g, '&lt;');
}

function withTags(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&amp;(?=(?:amp;)*lt;)/g, '&');
}

function notesFromMarkdown(text: string): string | undefined {
  const lines = text.split('\n');
  let fence = '';
  const begin = lines.findIndex((line) => {
    fence = fenceAfter(fence, line);
    return fence === '' && line.trim() === notesBegin;
  });
  if (begin < 0) {
    return undefined;
  }
  const after = lines.slice(begin + 1);
  let end = after.findIndex((line) => line.trim() === notesEnd);
  if (end < 0) {
    // The end was deleted: the next section's heading ends the notes.
    end = after.findIndex((line) => /^## /.test(line));
  }
  const own = (end < 0 ? after : after.slice(0, end)).join('\n');
  let inside = '';
  return kept(
    own
      .split('\n')
      .map((line) => {
        const was = inside;
        inside = fenceAfter(inside, line);
        return was !== '' && inside !== '' ? line.replace(/&lt;!--(?=\s*notes:)/g, '<!--') : withTags(line);
      })
      .join('\n'),
  );
}

function notesFromHtml(text: string): string | undefined {
  const begin = text.indexOf(notesBegin);
  if (begin < 0) {
    return undefined;
  }
  const after = text.slice(begin + notesBegin.length);
  const end = after.search(new RegExp(`${notesEnd}|<h2`));
  return kept(
    (end < 0 ? after : after.slice(0, end))
      .replace(/<br\s*\/?>|<\/(?:p|li|div|h\d)>/gi, '\n')
      .replace(/<[^>]*>/g, '')
      .replace(/&(?:lt|gt|quot|#39|nbsp|amp);/g, (entity) => entities[entity] as string),
  );
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};
