import { type TemplateResult, html } from 'lit';
import type { PromptStrings } from '../../src/protocol/promptStrings';
import type { Part, RenderedPrompt } from '../../src/protocol/prompts';
import { partNames } from './names';

/** What zero-shot prompts have too; the rest is what a way adds. */
const plain: readonly Part[] = ['frame', 'instruction', 'input'];

/** A prompt as it is sent, its parts marked; what it has beyond zero-shot stands out. */
export function promptText(prompt: RenderedPrompt, strings: PromptStrings): TemplateResult {
  return html`<pre class="prompt" tabindex="0" dir="auto" aria-label=${strings.prompt}>
${prompt.parts.map(({ part, start, end }) => {
      const text = prompt.text.slice(start, end);
      return plain.includes(part)
        ? html`<span class="part ${part}">${text}</span>`
        : html`<mark class="part ${part}" title=${strings[partNames[part]]}>${text}</mark>`;
    })}</pre>`;
}
