import { type TemplateResult, html, nothing } from 'lit';
import { usualJudgePrompts } from '../../src/protocol/judgePrompts';
import {
  type Calibration,
  type Scorer,
  type Study,
  type Task,
  isLocal,
  mostRepeats,
} from '../../src/protocol/prompts';
import { iconButton } from '../common/controls';
import { fill } from '../common/format';
import { areaField, choiceField, numberField, textField } from './fields';
import { scorerNames } from './names';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** What makes an answer right, with what that needs; and how often each prompt is asked. */
export function scorerForm(store: Store, study: Study, verbs: Verbs): TemplateResult {
  const { strings } = store.snapshot;
  const { task } = study;
  const { scorer } = task;
  const edit = (change: Partial<Scorer>): void => {
    verbs.editTask({ scorer: { ...scorer, ...change } });
  };
  const kinds = (Object.keys(scorerNames) as (keyof typeof scorerNames)[]).filter(
    (kind) => kind === scorer.kind || kind !== 'choice' || task.labels.length > 1,
  );
  return html`<div class="fields">
      ${choiceField(
        strings.scorer,
        scorer.kind,
        kinds.map((kind) => [kind, strings[scorerNames[kind]]] as const),
        (kind) => {
          edit({ kind, ...(kind === 'judge' && !scorer.judge ? usualJudge(study) : {}) });
        },
      )}
      ${parameters(store, study, verbs, edit)}
    </div>
    ${wide(store, task, edit)} ${repeats(store, study, verbs)}`;
}

function parameters(
  store: Store,
  { task, models }: Study,
  verbs: Verbs,
  edit: (change: Partial<Scorer>) => void,
): TemplateResult | typeof nothing {
  const { strings } = store.snapshot;
  const { scorer } = task;
  const threshold = (usual: number, label: string = strings.threshold): TemplateResult =>
    numberField(label, scorer.threshold ?? usual, { min: 0, max: 1, step: 0.05 }, (value) => {
      edit({ threshold: value });
    });
  switch (scorer.kind) {
    case 'regex':
      return textField(strings.pattern, scorer.pattern ?? '', (pattern) => {
        edit({ pattern });
      });
    case 'f1':
      return threshold(0.5);
    case 'edit':
      return threshold(0.8);
    case 'similarity':
      return threshold(0, strings.thresholdSimilarity);
    case 'choice':
      return choiceField<Calibration>(
        strings.calibration,
        scorer.calibration ?? 'none',
        [
          ['none', strings.calibrationNone],
          ['contextual', strings.calibrationContextual],
          ['pmi', strings.calibrationPmi],
        ],
        (calibration) => {
          edit({ calibration });
        },
      );
    case 'judge':
      return html`<div class="field">
          <span>${strings.judgeModel}</span>
          <span class="row"
            ><strong><bdi>${scorer.judge?.model.id ?? models[0]?.id ?? '–'}</bdi></strong> ${iconButton(
              'edit',
              strings.chooseJudge,
              () => {
                verbs.perform('chooseJudge');
              },
            )}</span
          >
        </div>
        ${threshold(0.5, strings.thresholdJudge)}`;
    default:
      return nothing;
  }
}

/** What takes the whole width. */
function wide(
  store: Store,
  task: Task,
  edit: (change: Partial<Scorer>) => void,
): TemplateResult | typeof nothing {
  const { strings, isTrusted = false, summary } = store.snapshot;
  const { scorer } = task;
  const baseline = summary?.rows.find(({ scoreBaseline }) => scoreBaseline !== null)?.scoreBaseline;
  switch (scorer.kind) {
    case 'javascript':
      return html`${areaField(strings.expression, scorer.expression ?? '', 2, (expression) => {
          edit({ expression: expression.trim() });
        })}
        <p class="hint">
          <span
            class=${`codicon codicon-${isTrusted ? 'info' : 'workspace-untrusted'}`}
            aria-hidden="true"
          ></span
          >${isTrusted ? strings.expressionHint : strings.expressionRefused}
        </p>`;
    case 'judge': {
      const { judge } = scorer;
      return judge
        ? html`${areaField(strings.judgePrompt, judge.prompt, judge.prompt.split('\n').length, (prompt) => {
              edit({ judge: { ...judge, prompt } });
            })}
            <p class="hint">
              <span class="codicon codicon-info" aria-hidden="true"></span>${strings.judgeHint}
            </p>`
        : nothing;
    }
    case 'similarity':
      return html`<p class="hint">
        <span class="codicon codicon-info" aria-hidden="true"></span>${
          baseline === undefined || baseline === null
            ? strings.similarityHint
            : `${strings.similarityHint} ${fill(strings.similarityBaseline, baseline.toFixed(2))}`
        }
      </p>`;
    case 'choice':
      return scorer.calibration === 'contextual' || scorer.calibration === 'pmi'
        ? html`<p class="hint">
            <span class="codicon codicon-info" aria-hidden="true"></span>${
              scorer.calibration === 'pmi' ? strings.pmiHint : strings.contextualHint
            }
          </p>`
        : nothing;
    default:
      return nothing;
  }
}

/** How often each prompt is asked, or why once is as good as often. */
function repeats(store: Store, study: Study, verbs: Verbs): TemplateResult {
  const { strings } = store.snapshot;
  const { scorer, labels } = study.task;
  const chooses = scorer.kind === 'choice' && labels.length > 0;
  const allSame = (study.sampling.temperature === 0 || chooses) && study.models.every(isLocal);
  const asked = study.repeats ?? 1;
  return html`<div class="fields repeats">
      ${numberField(strings.repeats, asked, { min: 1, max: mostRepeats, step: 1 }, (count) => {
        verbs.edit({ repeats: Math.round(count) });
      })}
      ${
        asked > 1 && !allSame
          ? html`<label class="check"
              ><input
                type="checkbox"
                .checked=${scorer.vote === true}
                @change=${(event: Event) => {
                  verbs.editTask({
                    scorer: { ...scorer, vote: (event.target as HTMLInputElement).checked },
                  });
                }}
              />${strings.vote}</label
            >`
          : nothing
      }
    </div>
    ${
      asked > 1
        ? html`<p class="hint">
            <span class="codicon codicon-info" aria-hidden="true"></span>${
              allSame ? (chooses ? strings.repeatsChoice : strings.repeatsGreedy) : strings.repeatsHint
            }
          </p>`
        : nothing
    }`;
}

function usualJudge({ task, models }: Study): Pick<Scorer, 'judge'> {
  const [model] = models;
  return model ? { judge: { model, prompt: usualJudgePrompts[task.language] } } : {};
}
