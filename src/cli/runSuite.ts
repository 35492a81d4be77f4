import { join } from 'node:path';
import { ScopeError } from '../protocol/errors';
import type { RunProgress } from '../protocol/promptPage';
import { type CellResult, type Study, isLocal } from '../protocol/prompts';
import { modelHash } from '../study/modelHash';
import { PromptSession } from '../study/promptSession';
import { studyReport } from '../study/studyReport';
import { jsonReport } from '../suites/jsonReport';
import { junitReport } from '../suites/junitReport';
import { markdownReport } from '../suites/markdownReport';
import type { SuiteRun } from '../suites/suiteRun';
import { judgeSuite } from '../suites/verdict';
import type { Threshold } from '../prompts/studyFile';
import type { InferenceClient } from '../worker/client';
import type { ReporterName, RunOptions } from './arguments';
import { failureText } from './failureText';
import type { Translate } from './words';

export interface RunServices {
  readonly client: InferenceClient;
  readonly root: string;
  readonly t: Translate;
  readonly language: 'en' | 'zh';
  /** Answers that are taken where they fit. */
  readonly earlier: readonly CellResult[];
  progress(study: Study, progress: RunProgress, results: readonly CellResult[]): void;
  /** Called with what ends the run before its end; returns what stops listening. */
  onStop(stop: () => void): () => void;
}

/** A run that is over, and the reports on it. */
export interface FinishedRun {
  readonly run: SuiteRun;
  report(name: ReporterName): Promise<string>;
  dispose(): void;
}

/**
 * Asks every way of asking about every item of a study, as the workbench does.
 * @throws {ScopeError} `workerDied` when the inference process dies again and again
 */
export async function runSuite(
  name: string,
  study: Study,
  threshold: Threshold | undefined,
  options: RunOptions,
  services: RunServices,
): Promise<FinishedRun> {
  const { client, root, t, language } = services;
  const date = new Date().toISOString();
  const started = performance.now();
  let ended: (hasDied: boolean) => void = () => undefined;
  const end = new Promise<boolean>((resolve) => {
    ended = resolve;
  });
  let isStopped = false;
  let isRunning = false;
  const session = new PromptSession({
    client,
    encoder: { id: 'scope-bert', folder: join(root, 'models', 'scope-bert') },
    journal: { begin: () => Promise.resolve(), add: () => Promise.resolve() },
    language,
    describe: (error) => failureText(error, t),
    // Whoever runs a suite from a terminal trusts it as they would a script; expressions are boxed in all the same.
    mayRunExpressions: () => true,
    precision: () => options.precision,
    changed: () => undefined,
    cellsChanged: ({ progress, results }) => {
      if (isRunning) {
        services.progress(study, progress, results);
        if (progress.state !== 'running') {
          ended(progress.state === 'paused');
        }
      }
    },
    streamed: () => undefined,
  });
  await session.open(study, services.earlier);
  const forget = services.onStop(() => {
    isStopped = true;
    session.stop();
  });
  isRunning = true;
  session.run('items');
  const hasDied = await end;
  forget();
  if (hasDied) {
    session.dispose();
    throw new ScopeError('workerDied');
  }
  const results = session.results().filter(({ item }) => item >= 0);
  const hashes = new Map<string, string>();
  for (const model of study.models.filter(isLocal)) {
    hashes.set(model.id, (await modelHash(model.folder, options.precision)) ?? '–');
  }
  const run: SuiteRun = {
    name,
    study,
    results,
    verdict: judgeSuite(study, results, threshold),
    isStopped,
    date,
    milliseconds: performance.now() - started,
    hashes,
  };
  return {
    run,
    report: async (reporter) => {
      switch (reporter) {
        case 'junit':
          return junitReport(run);
        case 'json':
          return jsonReport(run);
        case 'md':
          return `${markdownReport(run, t)}\n${await studyReport(session, 'md', language, options.precision)}`;
        case 'html':
          return studyReport(session, 'html', language, options.precision);
      }
    },
    dispose: () => session.dispose(),
  };
}
