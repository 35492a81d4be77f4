import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { percent, strategyName } from '../prompts/sentences';
import { readStudy } from '../prompts/studyFile';
import { wordings } from '../prompts/wording';
import { ScopeError, toScopeError } from '../protocol/errors';
import type { CellResult } from '../protocol/prompts';
import { foundModels } from '../study/suiteModels';
import { answersOf } from '../suites/jsonReport';
import { selectPart } from '../suites/selectPart';
import type { SuiteRun } from '../suites/suiteRun';
import { InferenceClient } from '../worker/client';
import { forkWorker } from '../worker/forkWorker';
import type { RunOptions } from './arguments';
import { failureText } from './failureText';
import type { PackageFiles } from './packageFiles';
import { ProgressLine } from './progressLine';
import { type FinishedRun, runSuite } from './runSuite';
import { suiteProblems } from './suiteProblems';
import type { Translate } from './words';
import { writeTo } from './terminal';

/** What a command says to whoever started it: the process's exit code. */
export const exitCodes = { passed: 0, failed: 1, broken: 2, stopped: 130 } as const;
type Outcome = keyof typeof exitCodes;

const endings = { junit: 'junit.xml', json: 'json', md: 'md', html: 'html' } as const;

/** Runs suites one after the other on one inference process. */
export class RunCommand {
  private readonly client: InferenceClient;
  private readonly progress: ProgressLine;
  private readonly written = new Set<string>();
  private stopRun: (() => void) | undefined;
  private isStopped = false;

  constructor(
    private readonly files: PackageFiles,
    private readonly options: RunOptions,
    private readonly language: 'en' | 'zh',
    private readonly t: Translate,
  ) {
    this.progress = new ProgressLine(process.stderr, options.isQuiet);
    this.client = new InferenceClient(
      () =>
        forkWorker({
          script: join(files.root, 'dist', 'worker.js'),
          numThreads: options.threads,
          runtime: options.runtime,
          precision: options.precision,
          modelMegabytes: 1000,
          onOutput: () => undefined,
        }),
      { phase: () => undefined, log: () => undefined },
    );
  }

  /** @returns how it ended for all of them together */
  async run(paths: readonly string[]): Promise<Outcome> {
    const outcomes: Outcome[] = [];
    try {
      const earlier = await this.earlier();
      for (const path of paths) {
        outcomes.push(this.isStopped ? 'stopped' : await this.one(path, earlier));
      }
    } finally {
      this.client.dispose();
    }
    const worst: readonly Outcome[] = ['stopped', 'broken', 'failed'];
    return worst.find((each) => outcomes.includes(each)) ?? 'passed';
  }

  /** Ends the run: what is finished is reported. */
  stop(): void {
    this.isStopped = true;
    this.stopRun?.();
  }

  private async one(path: string, earlier: readonly CellResult[]): Promise<Outcome> {
    const { t, options, files } = this;
    try {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        throw new ScopeError('studyUnreadable', String(error instanceof Error ? error.message : error));
      });
      const { lines, isBroken } = suiteProblems(path, text, files, t);
      lines
        .filter((line) => !options.isQuiet || line.includes(': error: '))
        .forEach((line) => this.tell(line));
      if (isBroken) {
        return 'broken';
      }
      const name = basename(path);
      const { study, threshold } = readStudy(text, name.replace(/\.prompts\.ya?ml$|\.ya?ml$/, ''));
      const whole = study.models.length > 0 ? study : { ...study, models: files.models.slice(0, 1) };
      const known = { known: files.models, folder: dirname(resolve(path)) };
      const found = foundModels(whole, known);
      const part = selectPart(found, options.part);
      if (part.task.items.length === 0) {
        this.tell(`${path}: error: ${t('There are no test items to run.')}`);
        return 'broken';
      }
      const finished = await runSuite(name, part, options.threshold ?? threshold, options, {
        client: this.client,
        root: files.root,
        t,
        language: this.language,
        earlier,
        progress: (of, progress, results) => this.progress.tell(of, progress, results),
        onStop: (stop) => {
          this.stopRun = stop;
          if (this.isStopped) {
            stop();
          }
          return () => {
            this.stopRun = undefined;
          };
        },
      });
      try {
        return await this.finish(path, finished);
      } finally {
        finished.dispose();
      }
    } catch (error) {
      this.progress.end();
      this.tell(`${path}: error: ${failureText(toScopeError(error), t)}`);
      return 'broken';
    }
  }

  private async finish(path: string, finished: FinishedRun): Promise<Outcome> {
    const { run } = finished;
    this.progress.end();
    writeTo(process.stdout, this.summaryOf(path, run));
    for (const reporter of this.options.reporters) {
      const file = await this.write(run.name, endings[reporter], await finished.report(reporter));
      writeTo(process.stdout, `  ${file}\n`);
    }
    return run.isStopped ? 'stopped' : run.verdict.passed ? 'passed' : 'failed';
  }

  private summaryOf(path: string, { verdict, isStopped, milliseconds, results }: SuiteRun): string {
    const { t } = this;
    const state = isStopped ? t('stopped') : verdict.passed ? t('passed') : t('failed');
    const seconds = (milliseconds / 1000).toFixed(1);
    const rows = verdict.ways.map((way) => {
      const counted = way.passed + way.failed + way.errors;
      const share =
        way.rate === null
          ? t('not judged')
          : `${percent(way.rate)} (${percent(way.interval.low)} – ${percent(way.interval.high)})`;
      const needed = way.needed === null ? '' : `  ≥ ${percent(way.needed)}`;
      const name = `${way.model} · ${strategyName(way.strategy, wordings[this.language])}`;
      return `  ${way.isEnough ? '✓' : '✗'} ${name}  ${way.passed}/${counted}  ${share}${needed}\n`;
    });
    return `${path}: ${state} (${results.length}, ${seconds} s)\n${rows.join('')}`;
  }

  /** @returns the path that was written */
  private async write(name: string, ending: string, text: string): Promise<string> {
    const base = name.replace(/\.ya?ml$/, '');
    let file = join(this.options.out, `${base}.${ending}`);
    for (let number = 2; this.written.has(file); number++) {
      file = join(this.options.out, `${base}-${number}.${ending}`);
    }
    this.written.add(file);
    try {
      await mkdir(this.options.out, { recursive: true });
      await writeFile(file, text);
    } catch (error) {
      throw new ScopeError('writeFailed', error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    }
    return file;
  }

  private async earlier(): Promise<readonly CellResult[]> {
    const { resume } = this.options;
    if (resume === undefined) {
      return [];
    }
    const answers = answersOf(await readFile(resume, 'utf8').catch(() => ''));
    if (!answers) {
      throw new ScopeError('studyUnreadable', resume);
    }
    return answers;
  }

  private tell(line: string): void {
    writeTo(process.stderr, `${line}\n`);
  }
}
