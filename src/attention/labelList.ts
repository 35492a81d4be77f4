/** Labels and prompt templates as people type them. */

/** Where a template has the label. */
const labelHole = '{}';
/** What transformers' zero-shot pipeline says around a label. */
export const defaultTemplate = 'This is a photo of {}.';

/** More than these are not taken: each label and each template costs a pass of the text tower. */
const mostLabels = 100;
const mostTemplates = 100;
const longestLabel = 300;

/** Labels of a text: one per line, or with commas between (Chinese ones too); each once, in their order. */
export function parseLabels(text: string): string[] {
  return unique(text.split(/[\r\n,，、]+/), mostLabels);
}

/** Templates of a text, one per line. What is no template is kept: {@link faultyTemplates} tells of it. */
export function parseTemplates(text: string): string[] {
  return unique(text.split(/[\r\n]+/), mostTemplates);
}

/** Templates without a place for the label. */
export function faultyTemplates(templates: readonly string[]): string[] {
  return templates.filter((template) => !template.includes(labelHole));
}

/** A template with the label in every hole. */
export function fillTemplate(template: string, label: string): string {
  // A function, because a label may hold `$&`.
  return template.replaceAll(labelHole, () => label);
}

/** Every label in every template: first all templates of the first label. */
export function promptsOf(labels: readonly string[], templates: readonly string[]): string[] {
  return labels.flatMap((label) => templates.map((template) => fillTemplate(template, label)));
}

function unique(parts: readonly string[], most: number): string[] {
  const kept = parts.map((part) => part.trim().slice(0, longestLabel)).filter((part) => part !== '');
  return [...new Set(kept)].slice(0, most);
}
