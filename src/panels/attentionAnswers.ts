import type { ExampleName } from '../attention/effectExamples';
import type { HeadRequest, HeadWeights } from '../protocol/attention';
import {
  PageExplain,
  PageHead,
  PageInduction,
  PageLayerSteps,
  PageLayers,
  PagePicture,
  PagePositions,
  PagePredict,
  ShowCode,
} from '../protocol/attentionPage';
import { OpenExample, PageEffects, PageEffectsProgress, PageExampleScore } from '../protocol/effectsPage';
import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import { type CodeStep, type ExplainRequest, codeSteps } from '../protocol/oneNumber';
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
  showCode(step: CodeStep): Promise<void>;
  openExample(example: ExampleName): Promise<void>;
}

/** Answers everything that the page asks of runs that are in memory. */
export function answerRunViews(
  connection: MessageConnection,
  { session, sessionOf, drawn, headAsked, showCode, openExample }: RunViewServices,
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
  answer(connection, PageExplain, (request) => session.explain(checkExplainRequest(request)));
  answer(connection, PageLayerSteps, ({ runId, layer, query, dimension }) => {
    checkIndices('steps', runId, layer, query, dimension);
    return session.layerSteps({ runId, layer, query, dimension });
  });
  answer(connection, PagePositions, (request) => session.positions(checkHeadRequest(request)));
  answer(connection, ShowCode, async ({ step }) => {
    if (!codeSteps.includes(step)) {
      throw new ScopeError('badRequest', 'step');
    }
    await showCode(step);
    return null;
  });
  const tellDone = (done: number, total: number): void =>
    void connection.sendNotification(PageEffectsProgress, { done, total });
  answer(connection, PageEffects, async (request, token) =>
    (await import('./effectsAnswers')).answerEffects(session, request, tellDone, token),
  );
  answer(connection, PageExampleScore, async ({ example }, token) =>
    (await import('./effectsAnswers')).scoreOf(session, example, tellDone, token),
  );
  answer(connection, OpenExample, async ({ example }) => {
    await openExample(example);
    return null;
  });
  answer(connection, PageInduction, () => session.testInduction());
}

/** A page's parameters are not trusted. */
function checkHeadRequest(request: HeadRequest): HeadRequest {
  const { runId, layer, head } = request;
  checkIndices('head', runId, layer, head);
  return { runId, layer, head };
}

function checkExplainRequest(request: ExplainRequest): ExplainRequest {
  const { runId, layer, head, query, key } = request;
  checkIndices('explain', runId, layer, head, query, key);
  return { runId, layer, head, query, key };
}

function checkIndices(what: string, ...values: readonly unknown[]): void {
  if (!values.every((value) => Number.isSafeInteger(value) && (value as number) >= 0)) {
    throw new ScopeError('badRequest', what);
  }
}
