/** The extension host's end of the comparison's wire, played inside the page: it speaks the real protocol. */
import 'vscode-jsonrpc/browser';
import type { Architecture } from '../../src/protocol/architecture';
import {
  type ComparePart,
  type CompareStates,
  type CompareValues,
  type Missing,
  type Side,
  compareParts,
} from '../../src/protocol/compare';
import { architectureStringsEnglish } from '../../src/protocol/architectureStrings';
import * as page from '../../src/protocol/comparePage';
import { compareStringsEnglish } from '../../src/protocol/compareStrings';
import { ScopeError } from '../../src/protocol/errors';
import type { ModelSource } from '../../src/protocol/model';
import { answerPage, hearPage } from '../../src/panels/pageAnswers';
import { createRpc } from '../../src/protocol/rpc';
import { architectureOf, scaling } from './compareArchitectures';
import { blankOf, clozeOf, readingOf, restOf, sampleText, weightsOf } from './compareData';
import { agreedCloze, replacedOf } from './comparePairs';

export interface CompareScenario {
  readonly text?: string;
  /** What stands instead of each side's results. */
  readonly missing?: Partial<Record<Side, Missing>>;
  readonly states?: Partial<Record<ComparePart, 'waiting' | 'running' | 'failed'>>;
  readonly busy?: boolean;
  readonly headFails?: boolean;
  /** The right model is a detector of replaced tokens. */
  readonly detector?: boolean;
  /** Both are masked language models, with one vocabulary or two. */
  readonly masked?: 'sameVocabulary' | 'otherVocabulary';
  /** Where the reader was when the comparison was kept. */
  readonly openLook?: unknown;
}

export interface CompareStart {
  readonly scenario: CompareScenario | null;
  readonly locale: string;
  readonly strings?: page.CompareSnapshot['strings'];
  readonly saved?: unknown;
}

export interface CompareStub {
  /** Where the reader was, as the page told. */
  readonly looks: unknown[];
  /** Shows another comparison. */
  show(scenario: CompareScenario): void;
  readonly calls: string[];
  saved: unknown;
  cursorAt(offset: number | null): void;
  stream(what: 'base' | 'tuned' | 'continued', text: string): void;
  /** Sets a part's state, as the host does while it measures. */
  setPart(part: ComparePart, state: 'waiting' | 'running' | 'done' | 'failed', busy: boolean): void;
}

declare global {
  interface Window {
    compareStub: CompareStub;
    compareStart: CompareStart;
  }
}

const models: readonly ModelSource[] = ['scope-bert', 'scope-gpt', 'scope-gpt-instruct'].map((id) => ({
  id,
  folder: `/models/${id}`,
}));
const calls: string[] = [];
let deliver: (message: unknown) => void = () => undefined;

const connection = createRpc({
  send: (message) => {
    window.postMessage(structuredClone(message), '*');
  },
  onMessage: (listener) => {
    deliver = listener;
    return { dispose: () => undefined };
  },
});

const {
  locale,
  strings = { ...compareStringsEnglish, ...architectureStringsEnglish },
  saved,
} = window.compareStart;
let { scenario } = window.compareStart;
let placed: Record<Side, ModelSource> = {
  left: models[0] as ModelSource,
  right: models[1] as ModelSource,
};
let [blankWord, seed, notes, busy] = [2, 1, '', scenario?.busy ?? false];
let replaceSeed = 1;
let prompt = 'What is the capital of France?';
let others: readonly Architecture[] = [];
const overridden = new Map<ComparePart, 'waiting' | 'running' | 'failed' | 'done'>();

function values(): CompareValues {
  const text = scenario?.text ?? sampleText;
  const { left, right } = scenario?.missing ?? {};
  const { pretraining, uses, ...rest } = restOf(text, seed, prompt);
  const sided = <T extends { left: unknown; right: unknown }>(value: T): T => ({
    ...value,
    ...(left ? { left } : {}),
    ...(right ? { right } : {}),
  });
  const [blank, reading] = [blankOf(text, blankWord), readingOf(text)];
  const cloze = scenario?.masked ? agreedCloze(text, scenario.masked) : clozeOf(text);
  return {
    ...rest,
    reading: sided(reading),
    cloze: sided(cloze),
    blank: sided({ ...blank, ...(right ? { inContext: right } : {}) }),
    architecture: sided({ left: architectureOf('left'), right: architectureOf('right'), others }),
    pretraining: {
      ...pretraining,
      ...(left ? { masked: left } : {}),
      ...(right ? { causal: right } : {}),
      ...(scenario?.detector ? { replaced: replacedOf(text, replaceSeed) } : {}),
    },
    uses: { ...uses, ...(right ? { continued: right } : {}), ...(left ? { forced: left } : {}) },
  };
}

function states(): CompareStates {
  const found = values();
  return Object.fromEntries(
    compareParts.map((part) => {
      const state = overridden.get(part) ?? scenario?.states?.[part] ?? 'done';
      return [
        part,
        state === 'done'
          ? { state, value: found[part], milliseconds: 42 }
          : state === 'failed'
            ? { state, message: 'The inference process stopped.' }
            : { state },
      ];
    }),
  ) as unknown as CompareStates;
}

function snapshot(): page.CompareSnapshot {
  const text = scenario?.text ?? sampleText;
  return {
    locale,
    strings,
    compared: scenario && {
      text,
      source: { name: 'english.md', startLine: 3, endLine: 5 },
      models: placed,
    },
    parts: states(),
    busy,
    models,
    notes,
    turnTo: null,
    scaling,
    ...(scenario?.openLook === undefined ? {} : { openLook: scenario.openLook }),
  };
}

function tell(): void {
  void connection.sendNotification(page.CompareChanged, snapshot());
}

function tellPart(part: ComparePart): void {
  void connection.sendNotification(page.ComparePartsChanged, { parts: { [part]: states()[part] }, busy });
}

window.compareStub = {
  looks: [],
  show: (other) => {
    scenario = other;
    tell();
  },
  calls,
  saved,
  cursorAt: (offset) => {
    void connection.sendNotification(page.CompareCursorAt, { offset });
  },
  stream: (what, text) => {
    void connection.sendNotification(page.CompareStreamed, { what, text });
  },
  setPart: (part, state, isBusy) => {
    overridden.set(part, state);
    busy = isBusy;
    tellPart(part);
  },
};

window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    const copy: unknown = structuredClone(message);
    setTimeout(() => {
      deliver(copy);
    }, 0);
  },
  getState: () => saved,
  setState: (state: unknown) => {
    window.compareStub.saved = state;
  },
});

hearPage(connection, page.CompareLook, ({ look }) => {
  window.compareStub.looks.push(look);
});
answerPage(connection, page.CompareReady, () => snapshot());
answerPage(connection, page.CompareText, ({ text }) => {
  calls.push(`text ${text}`);
  scenario = { ...scenario, text };
  tell();
  return null;
});
answerPage(connection, page.PlaceModel, ({ side, model }) => {
  calls.push(`place ${side} ${model?.id ?? 'other'}`);
  if (model) {
    placed = { ...placed, [side]: model };
    tell();
  }
  return null;
});
answerPage(connection, page.SwapModels, () => {
  calls.push('swap');
  placed = { left: placed.right, right: placed.left };
  tell();
  return null;
});
answerPage(connection, page.RunPart, ({ part }) => {
  calls.push(`run ${part}`);
  overridden.set(part, 'done');
  tellPart(part);
  return null;
});
answerPage(connection, page.StopCompare, () => {
  calls.push('stop');
  busy = false;
  tell();
  return null;
});
answerPage(connection, page.AskBlank, ({ word }) => {
  calls.push(`blank ${word}`);
  blankWord = word;
  tellPart('blank');
  return null;
});
answerPage(connection, page.MaskAgain, () => {
  calls.push('mask');
  seed++;
  tellPart('pretraining');
  return null;
});
answerPage(connection, page.ReplaceAgain, () => {
  calls.push('replace');
  replaceSeed++;
  tellPart('pretraining');
  return null;
});
answerPage(connection, page.AskChat, (asked) => {
  calls.push(`chat ${asked.prompt}`);
  prompt = asked.prompt;
  tellPart('chat');
  return null;
});
answerPage(connection, page.ChangeColumns, ({ remove }) => {
  calls.push(`columns ${remove ?? 'add'}`);
  others =
    remove === undefined
      ? [...others, architectureOf('right')]
      : others.filter((_, index) => index !== remove);
  tellPart('architecture');
  return null;
});
answerPage(connection, page.CompareHead, ({ runId, layer, head }) => {
  if (scenario?.headFails) {
    scenario = { ...scenario, headFails: false };
    throw new ScopeError('runExpired');
  }
  const side = runId === 1 ? 'left' : 'right';
  const weights = weightsOf(scenario?.text ?? sampleText, side, layer, head);
  return { weights: weights.buffer as ArrayBuffer };
});
answerPage(connection, page.OpenVisualizer, ({ side, layer }) => {
  calls.push(`visualizer ${side} ${layer ?? '-'}`);
  return null;
});
answerPage(connection, page.SetNotes, (written) => {
  calls.push(`notes ${written.notes}`);
  notes = written.notes;
  return null;
});
answerPage(connection, page.ExportReport, ({ format, language }) => {
  calls.push(`export ${format} ${language}`);
  return { saved: true };
});
answerPage(connection, page.PerformCompare, ({ action }) => {
  calls.push(`perform ${action}`);
  if (action === 'openLog') {
    throw new ScopeError('internal');
  }
  return null;
});
hearPage(connection, page.ComparePointAt, ({ range }) => {
  calls.push(range ? `point ${range.start}-${range.end}` : 'point nothing');
});
connection.listen();
