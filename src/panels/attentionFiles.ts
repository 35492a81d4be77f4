import type * as vscode from 'vscode';
import { npyOfTexts } from '../attention/npy';
import { npzOf } from '../attention/npz';
import type { AttentionSnapshot, ExportFormat, ExportRequest } from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import { AllWeights } from '../protocol/worker';
import type { AttentionSession } from './attentionSession';
import { pageParts } from './pageParts';
import { type PageLook, standaloneHtml } from './standaloneHtml';

/**
 * The file in one of the formats. What the page drew passes through; a page of its own, and weights for NumPy where two
 * runs are compared, carry every run on show, the compared one behind the first.
 * @throws {ScopeError} `runExpired`
 */
export async function exportedFile(
  { runId, format, content }: ExportRequest,
  session: AttentionSession | undefined,
  compared: AttentionSession | undefined,
  snapshot: AttentionSnapshot,
  extensionUri: vscode.Uri,
): Promise<Uint8Array> {
  const owner = [session, compared].find((each) => each?.shows(runId));
  if (!session || !owner) {
    throw new ScopeError('runExpired');
  }
  switch (format) {
    case 'npy':
      if (compared) {
        return npzOf([...(await arraysOf('first', session)), ...(await arraysOf('second', compared))]);
      }
      return new Uint8Array((await owner.ofRun(AllWeights, { runId, as: 'npy' })).data);
    case 'html': {
      const shown = [session, ...(compared ? [compared] : [])];
      const packed = await Promise.all(
        shown.flatMap((each) =>
          each.runsOnShow().map((run) => each.ofRun(AllWeights, { runId: run, as: 'packed' })),
        ),
      );
      const data = await new Blob(packed.map((part) => part.data)).arrayBuffer();
      const look = JSON.parse(new TextDecoder().decode(content)) as PageLook;
      const parts = await pageParts(extensionUri);
      return new TextEncoder().encode(await standaloneHtml(snapshot, new Uint8Array(data), look, parts));
    }
    default:
      return new Uint8Array(content);
  }
}

/** A run's weights, of an encoder-decoder one array for each stack, and its tokens in the vocabulary's spelling. */
async function arraysOf(name: string, session: AttentionSession): Promise<(readonly [string, Uint8Array])[]> {
  const { view } = session;
  const arrays: (readonly [string, Uint8Array])[] = [];
  for (const runId of session.runsOnShow()) {
    const stack = view?.stacks?.find((each) => each.runId === runId);
    const { data } = await session.ofRun(AllWeights, { runId, as: 'npy' });
    arrays.push([stack ? `${name}_${stack.name}` : name, new Uint8Array(data)]);
  }
  const pieces = view?.tokens.map(({ piece }) => piece) ?? [];
  return [...arrays, [`${name}_tokens`, new Uint8Array(npyOfTexts(pieces))]];
}

/** What a kept file is called at first: after what it shows. Two runs for NumPy are an archive of arrays. */
export function exportedName(session: AttentionSession, format: ExportFormat, isCompared: boolean): string {
  const ending = format === 'npy' && isCompared ? 'npz' : format;
  return `attention-${session.view?.source.name ?? 'text'}.${ending}`;
}
