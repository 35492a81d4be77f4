import type { RuntimeKind } from '../inference/runtime';
import { type Transport, createRpc } from '../protocol/rpc';
import { type Phase, PhaseChanged, Release } from '../protocol/worker';
import { answerAttention } from './attentionService';
import { answerExpressions } from './expressionService';
import { JobQueue } from './jobQueue';
import { answerLanguage } from './languageService';
import { answerLoaded } from './loadedService';
import { answerMeasures } from './measureService';
import { type ModelOptions, WorkerModels } from './models';
import { Sandbox } from './sandbox';
import { answerSeq2Seq } from './seq2seqService';
import { answerSpeech } from './speechService';
import { answerTexts } from './textService';
import { answerVision } from './visionService';

/** What differs between a process and a worker of the browser. */
export interface Machine {
  /** The memory that is taken; 0 where that cannot be known. */
  residentBytes(): number;
  /** A file of `dist`. */
  readBuilt(name: string): Promise<Uint8Array>;
}

/** Answers everything that an inference process is asked, wherever it runs. */
export function answerAll(
  transport: Transport,
  runtime: Promise<RuntimeKind>,
  options: ModelOptions,
  machine: Machine,
): void {
  const connection = createRpc(transport);
  const queue = new JobQueue();
  const tellPhase = (owner: string, phase: Phase): void => {
    void connection.sendNotification(PhaseChanged, { owner, phase });
  };
  const models = new WorkerModels(runtime, options, tellPhase);
  const releases = [
    answerAttention(connection, queue, models, tellPhase),
    answerSeq2Seq(connection, queue, models),
    answerSpeech(connection, queue, models),
  ];
  answerLanguage(connection, queue, models);
  answerTexts(connection, queue, models);
  answerMeasures(connection, queue, models);
  answerVision(connection, queue, models);
  answerLoaded(connection, queue, models, () => machine.residentBytes());
  answerExpressions(connection, new Sandbox(() => machine.readBuilt('quickjs.wasm')));
  connection.onNotification(Release, ({ owner }) => releases.forEach((release) => release(owner)));
  connection.listen();
}
