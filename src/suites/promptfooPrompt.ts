import { renderTemplate } from '../prompts/templateInterpreter';
import { yamlValue } from '../prompts/yamlDocument';
import type { Example } from '../protocol/prompts';
import type { Notes } from './carriedNotes';
import { type Fields, type PromptfooTest, type ReadBeside, fieldsOf, textOf } from './promptfooShapes';

/** A prompt of a configuration: the turns of a conversation, a plain text as its only one. */
export interface PromptfooPrompt {
  readonly label: string;
  readonly turns: readonly { readonly role: string; readonly content: string }[];
}

/** The prompts of a configuration, those of files and of several in one file among them. */
export async function readPrompts(root: Fields, read: ReadBeside, notes: Notes): Promise<PromptfooPrompt[]> {
  const given = root['prompts'] ?? ['{{prompt}}'];
  const found: PromptfooPrompt[] = [];
  for (const each of Array.isArray(given) ? (given as unknown[]) : [given]) {
    const { id, raw, label } = fieldsOf(each);
    const text = typeof each === 'string' ? each : textOf(raw ?? id);
    const path =
      /^file:\/\/(.+)$/s.exec(text)?.[1] ??
      (/^[^\n{]+\.(txt|md|json|ya?ml|j2|js|ts|py|csv)$/.test(text) ? text : undefined);
    if (path === undefined) {
      found.push(promptOf(text, textOf(label)));
    } else if (/\.(js|ts|mjs|cjs|py)(:\w+)?$/.test(path)) {
      notes.add('promptFunction', path);
    } else if (/\.csv$|[*?]/.test(path)) {
      notes.add('fileKind', path);
    } else {
      const content = await read(path);
      if (content === undefined) {
        notes.add('fileMissing', path);
      } else {
        // Several prompts of one file are separated by a line of three dashes.
        const parts = /\.(txt|md|j2)$/.test(path) ? content.split(/^---\s*$/m) : [content];
        found.push(
          ...parts.filter((part) => part.trim() !== '').map((part) => promptOf(part.trim(), textOf(label))),
        );
      }
    }
  }
  return found;
}

function promptOf(text: string, label: string): PromptfooPrompt {
  if (/^\s*(\[\s*\{|- *role:)/.test(text)) {
    try {
      const turns = (yamlValue(text) as unknown[]).map(fieldsOf);
      if (
        turns.length > 0 &&
        turns.every(({ role, content }) => typeof role === 'string' && typeof content === 'string')
      ) {
        return {
          label,
          turns: turns.map(({ role, content }) => ({ role: textOf(role), content: textOf(content) })),
        };
      }
    } catch {
      // A template that only looks like a conversation is a text.
    }
  }
  return { label, turns: [{ role: 'user', content: text }] };
}

/** A prompt in the parts that a suite has. */
export interface PromptParts {
  readonly role: string;
  readonly instruction: string;
  readonly examples: readonly Example[];
  /** Of each test, in their order. */
  readonly inputs: readonly string[];
}

/** @param number of the prompt, counted from 1. @returns null when its template cannot be rendered */
export function partsOf(
  { turns }: PromptfooPrompt,
  tests: readonly PromptfooTest[],
  number: number,
  notes: Notes,
): PromptParts | null {
  const system = turns
    .filter(({ role }) => role === 'system')
    .map(({ content }) => content)
    .join('\n');
  const spoken = turns.filter(({ role }) => role !== 'system');
  const last = spoken.at(-1)?.content ?? '';
  const before = spoken.slice(0, -1);
  const isSolved =
    before.length % 2 === 0 && before.every(({ role }, at) => role === (at % 2 ? 'assistant' : 'user'));
  const constants = constantVars(tests);
  const fixed = (text: string): string => renderTemplate(text, constants);
  try {
    if (!isSolved || dependsOnTest([system, ...before.map(({ content }) => content)].join('\n'), constants)) {
      notes.add('turns', number);
      const whole = turns.map(({ content }) => content).join('\n\n');
      return { role: '', instruction: '', examples: [], inputs: rendered(whole, tests) };
    }
    const examples = before.flatMap(({ content }, at): Example[] =>
      at % 2 ? [] : [{ input: fixed(content), output: fixed(before[at + 1]?.content ?? '') }],
    );
    const varying = variablesOf(last).filter((name) => !(name in constants));
    const [name] = varying;
    const asked = name === undefined ? null : new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}$`).exec(last.trimEnd());
    const head = asked ? last.slice(0, asked.index) : '';
    const isPlain = asked && varying.length === 1 && !head.includes('{%') && !dependsOnTest(head, constants);
    if (
      isPlain &&
      name !== undefined &&
      tests.every(({ prefix, suffix }) => prefix === '' && suffix === '')
    ) {
      return {
        role: fixed(system),
        instruction: fixed(head).trim(),
        examples,
        inputs: tests.map(({ vars }) => textOf(vars[name])),
      };
    }
    if (varying.length > 1) {
      notes.add('wholePrompt', number);
    }
    return { role: fixed(system), instruction: '', examples, inputs: rendered(last, tests) };
  } catch (error) {
    notes.add('template', number, error instanceof Error ? error.message : String(error));
    return null;
  }
}

function rendered(template: string, tests: readonly PromptfooTest[]): string[] {
  return tests.map(({ vars, prefix, suffix }) => prefix + renderTemplate(template, asText(vars)) + suffix);
}

/** Objects are written as JSON where a template names them as a whole. */
function asText(vars: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, typeof value === 'object' ? value : textOf(value)]),
  );
}

/** Variables that every test has with the same value: with a single test, none, so that one stays to vary. */
function constantVars(tests: readonly PromptfooTest[]): Record<string, string> {
  const [first] = tests;
  if (!first || tests.length < 2) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(first.vars)
      .filter(([name, value]) => tests.every(({ vars }) => textOf(vars[name]) === textOf(value)))
      .map(([name, value]) => [name, textOf(value)]),
  );
}

function dependsOnTest(text: string, constants: Readonly<Record<string, string>>): boolean {
  return variablesOf(text).some((name) => !(name in constants));
}

/** Names at the beginning of a template's expressions. */
function variablesOf(template: string): string[] {
  return [
    ...new Set(
      [...template.matchAll(/\{[{%][^}%{]{0,1000}?\b([A-Za-z_]\w*)/g)].map((match) => match[1] ?? ''),
    ),
  ].filter((name) => !['if', 'for', 'else', 'elif', 'endif', 'endfor', 'set'].includes(name));
}
