import type * as vscode from 'vscode';
import type { AttentionSnapshot, ExportRequest } from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import { AllWeights } from '../protocol/worker';
import type { AttentionSession } from './attentionSession';
import { pageParts } from './pageParts';
import { type PageLook, standaloneHtml } from './standaloneHtml';

/**
 * The file in one of the formats. What the page drew passes through; a page of its own carries every run on show, the
 * compared one behind the first.
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
      return new TextEncoder().encode(standaloneHtml(snapshot, new Uint8Array(data), look, parts));
    }
    default:
      return new Uint8Array(content);
  }
}

/** What a kept file is called at first: after what it shows. */
export function exportedName(session: AttentionSession, format: string): string {
  return `attention-${session.view?.source.name ?? 'text'}.${format}`;
}
