/** The extension host's end of the prompt workbench's wire, played inside the page: it speaks the real protocol. */
import 'vscode-jsonrpc/browser';
import { chooseExamples } from '../../src/prompts/chooseExamples';
import { fingerprintOf } from '../../src/prompts/fingerprint';
import { newStudy, presetTask } from '../../src/prompts/presets';
import { renderForBase } from '../../src/prompts/renderPrompt';
import { advice } from '../../src/prompts/advice';
import { findings } from '../../src/prompts/sentences';
import { parseStrategyId } from '../../src/prompts/strategy';
import { StudyState } from '../../src/prompts/studyState';
import { wordings } from '../../src/prompts/wording';
import type { ModelPlace } from '../../src/protocol/abilities';
import { ScopeError } from '../../src/protocol/errors';
import * as page from '../../src/protocol/promptPage';
import { type PromptStrings, promptStringsEnglish } from '../../src/protocol/promptStrings';
import type {
  CellAddress,
  CellResult,
  RenderedPrompt,
  ServedModel,
  Scorer,
  Strategy,
  Study,
} from '../../src/protocol/prompts';
import { answerPage } from '../../src/panels/pageAnswers';
import { createRpc } from '../../src/protocol/rpc';
import { answerRuns } from './promptRunsStub';

export interface PromptScenario {
  readonly numItems: number;
  /** Whether every item was answered already. */
  readonly answered?: boolean;
  readonly input?: string;
  /** Whether a model of a server is asked too. */
  readonly served?: boolean;
  /** How often each prompt was asked, at a temperature above 0. */
  readonly repeats?: number;
  readonly scorer?: Scorer;
}

export interface PromptStart {
  readonly scenario: PromptScenario | null;
  readonly locale: string;
  readonly strings?: PromptStrings;
  readonly saved?: unknown;
  readonly suite?: page.SuiteOnPage;
}

export interface PromptStub {
  readonly calls: string[];
  study(): Study | undefined;
  /** Answers one cell as if the model had. */
  answerCell(cell: CellAddress, output: string, pass: boolean): void;
  stream(cell: CellAddress, text: string): void;
}

declare global {
  interface Window {
    promptStub: PromptStub;
    promptStart: PromptStart;
  }
}

const model = { id: 'scope-gpt', folder: '/models/scope-gpt' };
const served: ServedModel = {
  id: 'small@hosted',
  provider: 'server',
  endpoint: 'hosted',
  model: 'small',
  api: 'chat',
};
const calls: string[] = [];
let deliver: (message: unknown) => void = () => undefined;
let running: CellAddress | null = null;

const connection = createRpc({
  send: (message) => {
    window.postMessage(structuredClone(message), '*');
  },
  onMessage: (listener) => {
    deliver = listener;
    return { dispose: () => undefined };
  },
});

let state = stateOf(window.promptStart.scenario);

function stateOf(scenario: PromptScenario | null): StudyState | undefined {
  if (!scenario) {
    return undefined;
  }
  const begun = newStudy('study-1', 'Bread', scenario.input ?? 'The bread was not good at all.', model);
  const items = Array.from({ length: scenario.numItems }, (_, index) => ({
    input: `The soup number ${index} was fine.`,
    expected: index % 2 ? 'negative' : 'positive',
  }));
  const { repeats = 1, scorer } = scenario;
  const task = { ...presetTask('classify', 'en'), items };
  const made = new StudyState({
    ...begun,
    models: scenario.served ? [...begun.models, served] : begun.models,
    task: { ...task, scorer: scorer ?? task.scorer },
    sampling: { ...begun.sampling, temperature: repeats > 1 ? 0.8 : 0 },
    repeats,
  });
  if (scenario.answered) {
    for (const cell of made.cells('items')) {
      const shots = parseStrategyId(cell.strategy)?.shots ?? 0;
      const pass = (cell.item * 7 + 3 * (cell.repeat ?? 0)) % 10 < 3 + 2 * shots;
      const output = repeats > 1 && !pass ? 'negative' : 'positive';
      made.record(resultOf(made.study, cell, output, pass));
    }
  }
  return made;
}

function resultOf(study: Study, cell: CellAddress, output: string, pass: boolean): CellResult {
  return {
    ...cell,
    fingerprint: fingerprintOf(study, cell) ?? '',
    output,
    answer: output,
    pass,
    failure: pass ? null : 'wrong',
    formatKept: null,
    finish: 'stop',
    numPromptTokens: 20,
    numNewTokens: 3,
    milliseconds: 12,
    meanBits: 0.7,
    ...(cell.model === served.id ? { price: 0.000123 } : {}),
  };
}

function promptOf(study: Study, cell: CellAddress): RenderedPrompt {
  const strategy = parseStrategyId(cell.strategy) as Strategy;
  const input = cell.item < 0 ? study.input : (study.task.items[cell.item]?.input ?? '');
  return renderForBase(
    study.task,
    strategy,
    chooseExamples(study.task, input, strategy.shots, { seed: 1 }),
    input,
  );
}

function progress(): page.RunProgress {
  return running
    ? { state: 'running', done: 3, total: 6, secondsLeft: 4, cell: running, running: [running] }
    : { state: 'idle', done: 0, total: 0, secondsLeft: null, cell: null, running: [] };
}

function snapshot(): page.PromptSnapshot {
  const { locale, strings = promptStringsEnglish } = window.promptStart;
  const summary = state?.summary() ?? null;
  return {
    locale,
    strings,
    study: state?.study ?? null,
    inputCells: (state?.prompts('input') ?? []).map((cell): page.InputCell => {
      const study = (state as StudyState).study;
      const prompt = promptOf(study, cell);
      const shots = parseStrategyId(cell.strategy)?.shots ?? 0;
      const shownExamples = Math.min(shots, study.task.examples.length);
      return { ...cell, prompt, numTokens: Math.ceil(prompt.text.length / 4), shownExamples };
    }),
    results: state?.results() ?? [],
    numOutdated: state?.numOutdated ?? 0,
    summary,
    findings: summary ? findings(summary, wordings[locale === 'zh-cn' ? 'zh' : 'en']) : [],
    advice: summary ? advice(summary, wordings[locale === 'zh-cn' ? 'zh' : 'en']) : [],
    isTrusted: false,
    progress: progress(),
    places: (state?.study.models ?? []).map((each): ModelPlace => {
      const isLocal = each.id === model.id;
      return {
        model: each.id,
        host: isLocal ? null : 'models.example.org',
        ignored: isLocal ? [] : ['systemRole', 'seed'],
        canInspect: isLocal,
        currency: isLocal ? null : 'USD',
      };
    }),
    tasks: [
      { id: 'arithmetic-en', title: 'Word problems', kind: 'solve', language: 'en', numItems: 40 },
      { id: 'arithmetic-zh', title: '应用题', kind: 'solve', language: 'zh', numItems: 40 },
    ],
    canUndo: state?.canUndo ?? false,
    canRedo: state?.canRedo ?? false,
    suite: window.promptStart.suite ?? null,
  };
}

function tell(): void {
  void connection.sendNotification(page.PromptSnapshotChanged, snapshot());
}

function update(results: readonly CellResult[]): void {
  const summary = state?.summary() ?? null;
  const said = summary ? findings(summary, wordings.en) : [];
  void connection.sendNotification(page.CellsChanged, {
    results,
    summary,
    findings: said,
    advice: summary ? advice(summary, wordings.en) : [],
    progress: progress(),
  });
}

window.promptStub = {
  calls,
  study: () => state?.study,
  stream: (cell, text) => {
    running = cell;
    update([]);
    void connection.sendNotification(page.CellStreamed, { cell, text });
  },
  answerCell: (cell, output, pass) => {
    running = null;
    const result = resultOf((state as StudyState).study, cell, output, pass);
    state?.record(result);
    update([result]);
  },
};

window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    const copy: unknown = structuredClone(message);
    setTimeout(() => {
      deliver(copy);
    }, 0);
  },
  getState: () => window.promptStart.saved,
  setState: () => undefined,
});

answerPage(connection, page.PromptReady, () => snapshot());
answerPage(connection, page.EditStudy, ({ study }) => {
  calls.push('edit');
  state?.edit(study);
  tell();
  return null;
});
answerPage(connection, page.SetTaskKind, ({ kind, language }) => {
  calls.push(`kind ${kind} ${language}`);
  return null;
});
answerPage(connection, page.UndoEdit, ({ redo }) => {
  calls.push(redo ? 'redo' : 'undo');
  state?.undo(redo);
  tell();
  return null;
});
answerPage(connection, page.RunCells, ({ what }) => {
  calls.push(
    `run ${typeof what === 'string' ? what : what.map((cell) => `${cell.strategy} ${cell.item}`).join()}`,
  );
  return null;
});
answerPage(connection, page.PauseRun, ({ pause }) => {
  calls.push(`pause ${pause}`);
  return null;
});
answerPage(connection, page.StopRun, () => {
  calls.push('stop');
  running = null;
  update([]);
  return null;
});
answerPage(connection, page.JudgeCell, ({ cell, pass }) => {
  calls.push(`judge ${pass}`);
  const judged = state?.judge(cell, pass);
  update(judged ? [judged] : []);
  return null;
});
answerPage(connection, page.RenderCell, ({ cell }) => promptOf((state as StudyState).study, cell));
answerPage(connection, page.InspectCell, ({ cell }): page.CellInspection => {
  calls.push(`inspect ${cell.strategy}`);
  const shares = new Float32Array([0.5, 0.2, 0.1, 0.2, 0.1, 0.6, 0.1, 0.2]);
  const alternatives = [0.6, 0.3].map((probability, id) => ({
    id,
    piece: `p${id}`,
    text: ` w${id}`,
    probability,
  }));
  return {
    prompt: promptOf((state as StudyState).study, cell),
    tokens: [0, 1].map((id) => ({
      id,
      piece: `p${id}`,
      text: ` w${id}`,
      logProbability: Math.log(0.6 - 0.3 * id),
      alternatives,
      entropyBits: 1.25,
    })),
    shares: {
      numLayers: 1,
      numHeads: 2,
      parts: ['instruction', 'input', 'answer', 'first'],
      shares: shares.buffer,
    },
  };
});
answerPage(connection, page.ShowCellAttention, ({ cell }) => {
  calls.push(`attention ${cell.strategy}`);
  return null;
});
answerPage(connection, page.UseCell, ({ what, how, format }) => {
  calls.push(`use ${what} ${how} ${format}`);
  return null;
});
answerPage(connection, page.PasteRows, ({ to, text }) => {
  calls.push(`paste ${to} ${text}`);
  return { added: 2, skipped: 1 };
});
answerPage(connection, page.OpenBundledTask, ({ id }) => {
  calls.push(`task ${id}`);
  state = stateOf({ numItems: 40 });
  tell();
  return null;
});
answerPage(connection, page.OpenSuiteLine, ({ line }) => {
  calls.push(`line ${line}`);
  return null;
});
answerPage(connection, page.ExportStudy, ({ format, language }) => {
  calls.push(`export ${format} ${language}`);
  return { saved: true };
});
answerPage(connection, page.PerformPrompt, ({ action }) => {
  calls.push(`perform ${action}`);
  if (action === 'openLog') {
    throw new ScopeError('internal');
  }
  return null;
});
answerRuns(connection, calls, () => state);
connection.listen();
