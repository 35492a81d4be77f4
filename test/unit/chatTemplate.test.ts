import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatMessage, applyChatTemplate } from '../../src/inference/chatTemplate';
import { isScopeError } from '../../src/protocol/errors';
import { tokenizerFolder } from '../fixtures/tokenizers/expected';

interface Golden {
  readonly special: Record<string, string>;
  readonly templates: Record<string, string>;
  readonly cases: readonly {
    readonly template: string;
    readonly messages: readonly ChatMessage[];
    readonly addGenerationPrompt: boolean;
    readonly text?: string;
    readonly error?: string;
  }[];
}

const golden = JSON.parse(readFileSync(tokenizerFolder('chat.json'), 'utf8')) as Golden;
const hello: readonly ChatMessage[] = [{ role: 'user', content: 'Hello' }];
const noPrompt = { addGenerationPrompt: false };

describe('chat templates', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chat-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const writeConfig = (config: unknown): void =>
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));

  for (const [name, template] of Object.entries(golden.templates)) {
    it(`${name}: renders as transformers does, and refuses with the template's sentence`, async () => {
      writeConfig({ ...golden.special, chat_template: template });
      for (const { messages, addGenerationPrompt, text, error } of golden.cases.filter(
        (each) => each.template === name,
      )) {
        const rendered = applyChatTemplate(folder, messages, { addGenerationPrompt });
        if (error === undefined) {
          assert.deepEqual(await rendered, { text, template: 'model' });
        } else {
          await assert.rejects(
            rendered,
            (thrown) => isScopeError(thrown, 'badRequest') && thrown.detail === error,
          );
        }
      }
    });
  }

  it('takes the template of that name, a file before the configuration, and tokens that are objects', async () => {
    writeConfig({
      bos_token: { __type: 'AddedToken', content: '<bos>' },
      chat_template: [
        { name: 'tool_use', template: 'tools' },
        { name: 'default', template: '{{ bos_token }}{{ messages[0].content }}' },
      ],
    });
    assert.equal((await applyChatTemplate(folder, hello, noPrompt)).text, '<bos>Hello');
    writeFileSync(join(folder, 'chat_template.jinja'), 'file {{ messages[0].role }}');
    assert.equal((await applyChatTemplate(folder, hello, noPrompt)).text, 'file user');
  });

  it('says when several templates have no default', async () => {
    writeConfig({ chat_template: [{ name: 'rag', template: 'x' }] });
    await assert.rejects(
      applyChatTemplate(folder, hello, noPrompt),
      (error) => isScopeError(error, 'modelUnsupported') && error.detail!.includes('rag'),
    );
  });

  it('writes a plain transcript for a model without a template, and says so', async () => {
    const chat: readonly ChatMessage[] = [{ role: 'system', content: 'Be kind.' }, ...hello];
    assert.deepEqual(await applyChatTemplate(folder, chat, { addGenerationPrompt: true }), {
      text: 'system: Be kind.\nuser: Hello\nassistant:',
      template: 'fallback',
    });
    assert.equal((await applyChatTemplate(folder, hello, noPrompt)).text, 'user: Hello\n');
  });

  // Each with the bound that ends it, which is a count and no clock.
  const hostile: Record<string, readonly [template: string, bound: RegExp]> = {
    'nested loops': [
      '{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}',
      /after loops over/,
    ],
    'a long range': ['{{ range(1000000000) | length }}', /a range of/],
    'an endless range': ['{{ range(0, 10, 0) | length }}', /a range of/],
    doubling: [
      `{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}`,
      /a text of/,
    ],
    'endless recursion': ['{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', /not a function/],
    'much output': [`{% for i in range(100000) %}${'x'.repeat(1000)}{% endfor %}`, /a text of/],
    'a filter that inflates': [`{{ 'a\\nb' | indent(999999999) }}`, /string length/],
    'deep nesting': [`{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`, /call stack/],
    'a syntax error': ['{% for %}', /Unexpected token/],
    'a size beyond reason': ['x'.repeat(2_000_000), /a template of/],
  };
  for (const [kind, [template, bound]] of Object.entries(hostile)) {
    it(`survives a template with ${kind}`, async () => {
      writeConfig({ chat_template: template });
      await assert.rejects(
        applyChatTemplate(folder, hello, noPrompt),
        (error) => isScopeError(error, 'modelUnsupported') && bound.test(error.detail ?? ''),
      );
    });
  }
});
