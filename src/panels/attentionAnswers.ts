import type { HeadRequest, HeadWeights } from '../protocol/attention';
import { PageHead, PageInduction, PageLayers, PagePicture, PagePredict } from '../protocol/attentionPage';
import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import { answer } from '../protocol/rpc';
import { Combine, Patterns, SomeThumbnails } from '../protocol/worker';
import type { AttentionSession } from './attentionSession';

/** Who is asked by a page, and who is told what it draws. */
export interface RunViewServices {
  readonly session: AttentionSession;
  /** Of the session and the compared one the one that shows a run. */
  sessionOf(runId: number): AttentionSession;
  /** The page asked for these weights, which it will draw. */
  drawn(runId: number, weights: Promise<HeadWeights>): Promise<HeadWeights>;
  headAsked(request: HeadRequest): void;
}

/** Answers everything that the page asks of runs that are in memory. */
export function answerRunViews(
  connection: MessageConnection,
  { session, sessionOf, drawn, headAsked }: RunViewServices,
): void {
  answer(connection, PagePicture, ({ runId }) => sessionOf(runId).pictureOf(runId));
  answer(connection, PageHead, (request) => {
    const checked = checkHeadRequest(request);
    const asked = sessionOf(checked.runId);
    if (asked === session) {
      headAsked(checked);
    }
    return drawn(checked.runId, asked.head(checked));
  });
  answer(connection, Combine, (request) =>
    drawn(request.runId, sessionOf(request.runId).ofRun(Combine, request)),
  );
  answer(connection, Patterns, (request) => sessionOf(request.runId).ofRun(Patterns, request));
  answer(connection, SomeThumbnails, (request) => session.ofRun(SomeThumbnails, request));
  answer(connection, PagePredict, ({ runId, position, sampling }) =>
    session.predict(runId, position, sampling),
  );
  answer(connection, PageLayers, ({ runId, position }) => session.layersAt(runId, position));
  answer(connection, PageInduction, () => session.testInduction());
}

/** A page's parameters are not trusted. */
function checkHeadRequest(request: HeadRequest): HeadRequest {
  const { runId, layer, head } = request;
  if (![runId, layer, head].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw new ScopeError('badRequest', 'head');
  }
  return { runId, layer, head };
}
