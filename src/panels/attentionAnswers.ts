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
import type { MessageConnection } from '../protocol/jsonrpc';
import type { CodeStep } from '../protocol/oneNumber';
import { Combine, Patterns, SomeThumbnails } from '../protocol/worker';
import type { AttentionSession } from './attentionSession';
import { answerPage } from './pageAnswers';

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
  answerPage(connection, PagePicture, ({ runId }) => sessionOf(runId).pictureOf(runId));
  answerPage(connection, PageHead, (request) => {
    const asked = sessionOf(request.runId);
    if (asked === session) {
      headAsked(request);
    }
    return drawn(request.runId, asked.head(request));
  });
  answerPage(connection, Combine, (request) =>
    drawn(request.runId, sessionOf(request.runId).ofRun(Combine, request)),
  );
  answerPage(connection, Patterns, (request) => sessionOf(request.runId).ofRun(Patterns, request));
  answerPage(connection, SomeThumbnails, (request) => session.ofRun(SomeThumbnails, request));
  answerPage(connection, PagePredict, ({ runId, position, sampling }) =>
    session.predict(runId, position, sampling),
  );
  answerPage(connection, PageLayers, ({ runId, position }) => session.layersAt(runId, position));
  answerPage(connection, PageExplain, (request) => session.explain(request));
  answerPage(connection, PageLayerSteps, (request) => session.layerSteps(request));
  answerPage(connection, PagePositions, (request) => session.positions(request));
  answerPage(connection, ShowCode, async ({ step }) => {
    await showCode(step);
    return null;
  });
  const tellDone = (done: number, total: number): void =>
    void connection.sendNotification(PageEffectsProgress, { done, total });
  answerPage(connection, PageEffects, async (request, token) =>
    (await import('./effectsAnswers')).answerEffects(session, request, tellDone, token),
  );
  answerPage(connection, PageExampleScore, async ({ example }, token) =>
    (await import('./effectsAnswers')).scoreOf(session, example, tellDone, token),
  );
  answerPage(connection, OpenExample, async ({ example }) => {
    await openExample(example);
    return null;
  });
  answerPage(connection, PageInduction, () => session.testInduction());
}
