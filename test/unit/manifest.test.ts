import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commandIds, settingsSection } from '../../src/host/ids';
import { settingDefaults } from '../../src/host/settingDefaults';
import { architectureStringsEnglish } from '../../src/protocol/architectureStrings';
import { attentionStringsEnglish } from '../../src/protocol/attentionStrings';
import { compareStringsEnglish } from '../../src/protocol/compareStrings';
import { inspectStringsEnglish } from '../../src/protocol/inspectStrings';
import { learnStringsEnglish } from '../../src/protocol/learnStrings';
import { imageStringsEnglish } from '../../src/protocol/imageStrings';
import { noteTexts } from '../../src/suites/carriedNotes';
import { problemTexts } from '../../src/suites/problems';
import { promptStringsEnglish } from '../../src/protocol/promptStrings';
import { trainStringsEnglish } from '../../src/protocol/trainStrings';
import { filesUnder, root } from './sourceTree';

const json = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;

interface Manifest {
  contributes: {
    commands: { command: string }[];
    configuration: { properties: Record<string, { default?: unknown }> };
    menus: Record<string, { command?: string; submenu?: string }[]>;
  };
}

describe('the manifest', () => {
  const manifest = json('package.json') as unknown as Manifest;

  it('declares exactly the commands and settings that the code names, with the same defaults', () => {
    assert.deepEqual(
      manifest.contributes.commands.map((each) => each.command).sort(),
      Object.values(commandIds).sort(),
    );
    const { properties } = manifest.contributes.configuration;
    assert.deepEqual(
      Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, each.default])),
      Object.fromEntries(
        Object.entries(settingDefaults).map(([key, value]) => [
          `${settingsSection}.${key}`,
          value as unknown,
        ]),
      ),
    );
  });

  it('names only known commands in its menus', () => {
    const known = new Set<string>(Object.values(commandIds));
    for (const item of Object.values(manifest.contributes.menus).flat()) {
      assert.ok(item.submenu !== undefined || known.has(item.command ?? ''), JSON.stringify(item));
    }
  });

  it('has every string in both languages, with no key left over', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]);
    for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
      assert.deepEqual(Object.keys(json(file)).sort(), [...new Set(used)].sort(), file);
    }
  });
});

describe('translations', () => {
  const bundle = json('media/l10n/bundle.l10n.zh-cn.json') as Record<string, string>;

  const spoken = (): Set<string> => {
    const found = new Set<string>([
      ...Object.values(architectureStringsEnglish),
      ...Object.values(attentionStringsEnglish),
      ...Object.values(compareStringsEnglish),
      ...Object.values(inspectStringsEnglish),
      ...Object.values(learnStringsEnglish),
      ...Object.values(imageStringsEnglish),
      ...Object.values(promptStringsEnglish),
      ...Object.values(problemTexts),
      ...Object.values(noteTexts),
      ...Object.values(trainStringsEnglish),
    ]);
    const folders = ['src/host', 'src/panels', 'src/cli', 'src/suites', 'src/web'];
    for (const file of ['src/extension.ts', ...folders.flatMap(filesUnder)]) {
      // `vscode.l10n.t('…')`, and `t('…')` where it was taken out of it.
      for (const match of readFileSync(join(root, file), 'utf8').matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)) {
        found.add(match[1] as string);
      }
    }
    return found;
  };

  it('cover every string that a user can read, and nothing else', () => {
    assert.deepEqual(Object.keys(bundle).sort(), [...spoken()].sort());
  });

  it('keep every placeholder', () => {
    for (const [english, chinese] of Object.entries(bundle)) {
      const placeholders = (text: string): string[] => (text.match(/\{\d\}/g) ?? []).sort();
      assert.deepEqual(placeholders(chinese), placeholders(english), english);
    }
  });
});

describe('the bundled models', () => {
  interface Bundled {
    models: { id: string; files: { path: string; size: number; sha256: string }[] }[];
  }
  for (const model of (json('models/manifest.json') as unknown as Bundled).models) {
    it(`${model.id} is what the manifest says`, () => {
      for (const file of model.files) {
        const path = join(root, 'models', model.id, file.path);
        assert.equal(statSync(path).size, file.size, file.path);
        assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), file.sha256, file.path);
      }
    });
  }
});
