import { type TemplateResult, html, nothing } from 'lit';
import { button } from '../common/controls';
import { fill } from '../common/format';
import type { Store } from './store';
import { percent } from './texts';
import type { Verbs } from './verbs';

/** One question, what belongs into its blanks, and what the model writes there. */
export function probe(store: Store, verbs: Verbs): TemplateResult {
  const { shown, look, progress, isBadQuestion } = store;
  const { strings, facts, settings } = shown;
  const { tokens, firstBlank, targets, answers, answerProbabilities, targetProbabilities } = look;
  const numRight = answers.filter((answer, at) => answer === targets[at]).length;
  const hint = fill(
    settings.task === 'pick' ? strings.questionHintMarked : strings.questionHint,
    facts.length,
  );
  const ask = (): void => {
    const field = document.querySelector<HTMLInputElement>('#question');
    void verbs.ask(field?.value ?? '');
  };
  return html`<section class="probe" aria-label=${strings.question}>
    <p class="reads">
      <span class="quiet">${strings.rowRead}</span>
      ${tokens.map((token, at) => html`<kbd class=${at >= firstBlank ? 'blank' : ''}>${token}</kbd>`)}
    </p>
    <div class="wide">
      <table class="answers">
        <tr>
          <th scope="row">${strings.rowAnswer}</th>
          ${answers.map((answer, at) => {
            const target = targets[at] ?? '';
            const isRight = answer === target;
            return html`<td
              class=${isRight ? 'is-right' : 'is-wrong'}
              title=${fill(
                strings.answerTitle,
                answer,
                percent(answerProbabilities[at] ?? 0),
                target,
                percent(targetProbabilities[at] ?? 0),
              )}
            >
              <span class="letter">${answer}</span>
              <span class="codicon codicon-${isRight ? 'check' : 'close'}" aria-hidden="true"></span>
              <span class="visually-hidden">${isRight ? strings.right : strings.wrong}</span>
              <span class="figures quiet">${percent(answerProbabilities[at] ?? 0)}%</span>
            </td>`;
          })}
        </tr>
        <tr>
          <th scope="row">${strings.rowTarget}</th>
          ${targets.map((target) => html`<td><span class="letter">${target}</span></td>`)}
        </tr>
      </table>
    </div>
    <p class="count">
      ${numRight === targets.length ? strings.allRight : fill(strings.someRight, numRight, targets.length)}
    </p>
    <form
      class="row"
      @submit=${(event: Event) => {
        event.preventDefault();
        ask();
      }}
    >
      <label class="field own"
        ><span>${strings.question}</span>
        <input
          id="question"
          type="text"
          maxlength="60"
          spellcheck="false"
          autocomplete="off"
          aria-invalid=${String(isBadQuestion)}
          aria-describedby="question-hint"
          .value=${progress.question}
      /></label>
      ${button(strings.ask, ask, true)} ${button(strings.drawQuestion, () => void verbs.ask(null), true)}
    </form>
    <p
      class=${isBadQuestion ? 'bad' : 'quiet hint'}
      id="question-hint"
      role=${isBadQuestion ? 'alert' : nothing}
    >
      ${isBadQuestion ? fill(strings.badQuestion, hint) : hint}
    </p>
  </section>`;
}
