import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../../src/archive/openArchive';
import { migrate } from '../../src/archive/schema';
import { openSqlite } from '../../src/archive/openSqlite';
import { StudyArchive } from '../../src/archive/studyArchive';
import { fingerprintOf } from '../../src/prompts/fingerprint';
import { newStudy } from '../../src/prompts/presets';
import { answersOf, stateAfter } from '../../src/prompts/runAnswers';
import { type CellResult, type Study, cellKey } from '../../src/protocol/prompts';

/** The archive of studies on a real disk. */

const model = { id: 'scope-gpt', folder: '/models/scope-gpt' };

function studyOf(id: string, numItems = 3): Study {
  const begun = newStudy(id, 'Bread', 'The bread was not good.', model, 'classify', 'en');
  const items = Array.from({ length: numItems }, (_, index) => ({
    input: `The soup ${index} was fine.`,
    expected: index % 2 ? 'negative' : 'positive',
  }));
  return { ...begun, task: { ...begun.task, items } };
}

function resultOf(study: Study, item: number, output = 'positive', strategy = 'zero-shot'): CellResult {
  const cell = { strategy, item, model: model.id };
  const pass = study.task.items[item]?.expected === output;
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
  };
}

describe('the archive of studies', () => {
  let folder: string;
  let told: string[];
  let asides: string[];
  const opened: StudyArchive[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scope-archive-'));
    told = [];
    asides = [];
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((archive) => archive.close()));
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  });

  function archiveIn(place = folder): StudyArchive {
    const archive = new StudyArchive({
      open: () => Promise.resolve(openArchive(place, (path) => asides.push(path))),
      unwritable: (error) => told.push(error.failure),
      changed: () => undefined,
      log: () => undefined,
    });
    opened.push(archive);
    return archive;
  }

  it('keeps definitions, runs, answers and verdicts', async () => {
    const archive = archiveIn(join(folder, 'new', 'place'));
    const study = studyOf('study-1');
    await archive.begin(study, []);
    archive.startRun(
      'study-1',
      new Map(),
      Promise.resolve({ models: [{ id: model.id, provider: 'local', hash: 'abc' }], versions: {} }),
    );
    const first = resultOf(study, 0);
    await archive.add('study-1', { result: first });
    await archive.add('study-1', { result: resultOf(study, 1) });
    await archive.add('study-1', { verdict: { ...first, pass: false, failure: 'wrong', judged: true } });
    const changed = { ...study, title: 'Other', task: { ...study.task, instruction: 'Say it.' } };
    await archive.add('study-1', { study: changed });
    archive.startRun('study-1');
    await archive.add('study-1', { result: resultOf(changed, 0, 'negative') });
    await archive.close();

    const again = archiveIn(join(folder, 'new', 'place'));
    const read = await again.read('study-1');
    assert.deepEqual(read?.study, changed);
    assert.deepEqual(
      read.results.map(({ item, pass, judged }) => [item, pass, judged]),
      [
        [0, false, true],
        [1, false, undefined],
        [0, false, undefined],
      ],
    );
    const runs = await again.runs('study-1');
    assert.deepEqual(
      runs.map(({ origin, numAnswers, numTested }) => [origin, numAnswers, numTested]),
      [
        ['asked', 1, 1],
        ['asked', 2, 2],
      ],
    );
    assert.equal(runs[1]?.circumstances?.models[0]?.hash, 'abc');
    assert.notEqual(runs[0]?.definition, runs[1]?.definition);
    const [earlier] = (await again.runsUpTo('study-1', runs[1]?.id ?? 0)) ?? [];
    assert.deepEqual(earlier?.study, study);
    assert.equal(earlier.results.length, 2);
    assert.equal(await again.runsUpTo('other', runs[1]?.id ?? 0), undefined);
    const [recent] = await again.recent();
    assert.deepEqual([recent?.id, recent?.title, recent?.numAnswers], ['study-1', 'Other', 3]);
    assert.deepEqual(told, []);
  });

  it('tells which answers counted in a run from what was asked, not from a fingerprint', async () => {
    const archive = archiveIn();
    const study = studyOf('study-1');
    const [old, updated] = [new Map([[model.id, 'a']]), new Map([[model.id, 'b']])];
    await archive.begin(study, [], old);
    // As a version that computed fingerprints in another way would have kept them.
    const kept = (item: number): CellResult => ({ ...resultOf(study, item), fingerprint: `old-${item}` });
    archive.startRun('study-1', old);
    await archive.add('study-1', { result: kept(0) });
    await archive.add('study-1', { result: kept(1) });
    archive.startRun('study-1', old);
    await archive.add('study-1', { result: kept(2) });
    // The input of item 1 is another now; its answer under way was still to the old one.
    const items = study.task.items.map((item, index) => (index === 1 ? { input: 'Other.' } : item));
    const edited = { ...study, task: { ...study.task, items } };
    await archive.add('study-1', { study: edited });
    await archive.add('study-1', { result: { ...kept(1), output: 'late' }, late: true });
    await archive.add('study-1', { result: { ...kept(0), fingerprint: 'new-0', output: 'again' } });
    // Another file of the same model.
    archive.startRun('study-1', updated);
    await archive.add('study-1', { result: { ...kept(2), fingerprint: 'new-2' } });
    const counted: string[][] = [];
    for (const { id } of (await archive.runs('study-1')).reverse()) {
      const rows = answersOf(stateAfter((await archive.runsUpTo('study-1', id)) ?? []));
      counted.push(rows.map(({ cell, result }) => `${cell.item} ${result.output}`));
    }
    assert.deepEqual(counted, [
      ['0 positive', '1 positive'],
      ['0 positive', '1 late', '2 positive'],
      ['0 again', '2 positive'],
      ['2 positive'],
    ]);
  });

  it('lets SQL read what it keeps by name', async () => {
    const archive = archiveIn();
    const study = studyOf('study-1');
    await archive.begin(study, [
      resultOf(study, 0),
      { ...resultOf(study, 1, 'ne"ga\u0000ti\nve 🤖'), repeat: 2 },
    ]);
    await archive.close();
    const connection = openSqlite(join(folder, 'results.db'));
    const rows = connection.all(
      'SELECT item, repeat, strategy, pass, failure, output, new_tokens FROM cell ORDER BY item',
    );
    connection.close();
    assert.deepEqual(rows[0], {
      item: 0,
      repeat: 0,
      strategy: 'zero-shot',
      pass: 1,
      failure: null,
      output: 'positive',
      new_tokens: 3,
    });
    assert.deepEqual([rows[1]?.['pass'], rows[1]?.['failure'], rows[1]?.['repeat']], [0, 'wrong', 2]);
    const read = await archiveIn().read('study-1');
    assert.equal(read?.results[1]?.output, 'ne"ga\u0000ti\nve 🤖');
  });

  it('removes a study, brings it back, and forgets it when the program ends', async () => {
    const archive = archiveIn();
    await archive.begin(studyOf('study-1'), []);
    const undo = await archive.remove('study-1');
    assert.deepEqual(await archive.recent(), []);
    assert.equal(await archive.read('study-1'), undefined);
    await undo();
    assert.equal((await archive.recent()).length, 1);
    await archive.remove('study-1');
    await archive.close();
    const connection = openSqlite(join(folder, 'results.db'));
    const left = connection.all(
      'SELECT (SELECT count(*) FROM study) + (SELECT count(*) FROM definition) AS n',
    );
    connection.close();
    assert.deepEqual(left, [{ n: 0 }]);
  });

  it('takes over the files of an earlier version once, and leaves what it cannot read', async () => {
    const study = studyOf('study-old');
    const lines = [{ study }, { result: resultOf(study, 0) }, { study: { ...study, title: 'Old' } }];
    await writeFile(
      join(folder, 'study-old.jsonl'),
      `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"result": {"strategy": "zero-sh`,
    );
    await writeFile(join(folder, 'broken.jsonl'), 'no study');
    const archive = archiveIn();
    const [kept] = await archive.recent();
    assert.deepEqual([kept?.title, kept?.numAnswers], ['Old', 1]);
    assert.equal((await archive.runs('study-old'))[0]?.origin, 'brought');
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('jsonl')),
      ['broken.jsonl.unreadable'],
    );
    await archive.close();
    assert.equal((await archiveIn().recent()).length, 1);
  });

  it('sets a damaged file aside and goes on with a new one', async () => {
    const archive = archiveIn();
    const study = studyOf('study-1', 300);
    await archive.begin(
      study,
      study.task.items.map((_, item) => resultOf(study, item)),
    );
    await archive.close();
    const path = join(folder, 'results.db');
    const bytes = await readFile(path);
    // The header and the tables' names stay whole; what is in them does not.
    bytes.fill(0xa5, 8192);
    await writeFile(path, bytes);
    const again = archiveIn();
    assert.equal(await again.read('study-1'), undefined);
    assert.equal(asides.length, 1);
    assert.deepEqual(await readFile(asides[0] ?? ''), bytes);
    await again.begin(study, [resultOf(study, 0)]);
    assert.equal((await again.read('study-1'))?.results.length, 1);
    await again.close();
    await writeFile(path, 'this was never a database, but it is long enough to look at'.repeat(20));
    assert.deepEqual(await archiveIn().recent(), []);
    assert.equal(asides.length, 2);
    assert.deepEqual(told, []);
  });

  it('goes on in memory where nothing can be written, tells it once, and writes it later', async () => {
    const place = join(folder, 'place');
    await writeFile(place, '');
    const archive = archiveIn(place);
    const study = studyOf('study-1');
    await archive.begin(study, []);
    await archive.add('study-1', { result: resultOf(study, 0) });
    await archive.add('study-1', { result: resultOf(study, 1) });
    assert.deepEqual(told, ['unwritable']);
    await rm(place);
    await mkdir(place);
    await archive.add('study-1', { result: resultOf(study, 2) });
    assert.equal((await archive.read('study-1'))?.results.length, 3);
    assert.deepEqual(told, ['unwritable']);
  });

  it('leaves a file alone that a later version has made', async () => {
    await archiveIn().begin(studyOf('study-1'), []);
    await opened.pop()?.close();
    const connection = openSqlite(join(folder, 'results.db'));
    connection.exec('PRAGMA user_version = 99');
    connection.close();
    const before = await readFile(join(folder, 'results.db'));
    assert.equal(await archiveIn().read('study-1'), undefined);
    assert.deepEqual(told, ['newer']);
    assert.deepEqual(await readFile(join(folder, 'results.db')), before);
  });

  it('goes from version to version, each whole or not at all', () => {
    const connection = openSqlite(join(folder, 'steps.db'));
    const steps = ['CREATE TABLE a (x); INSERT INTO a VALUES (1);', 'ALTER TABLE a ADD COLUMN y DEFAULT 2;'];
    migrate(connection, steps.slice(0, 1));
    assert.throws(() => {
      migrate(connection, [steps[0] as string, 'CREATE TABLE b (x); this is no SQL;']);
    }, /syntax/);
    assert.deepEqual(connection.all("SELECT name FROM sqlite_master WHERE type = 'table'"), [{ name: 'a' }]);
    migrate(connection, steps);
    migrate(connection, steps);
    assert.deepEqual(connection.all('SELECT * FROM a'), [{ x: 1, y: 2 }]);
    connection.close();
  });

  it('is shared by two windows that write at the same time', async () => {
    const [one, two] = [archiveIn(), archiveIn()];
    const study = studyOf('study-1', 200);
    const other = studyOf('study-2', 200);
    await one.begin(study, []);
    await two.begin(other, []);
    const writing = Array.from({ length: 100 }, (_, item) => [
      one.add('study-1', { result: resultOf(study, item) }),
      two.add('study-2', { result: resultOf(other, item) }),
    ]).flat();
    await Promise.all(writing);
    assert.deepEqual(
      (await one.read('study-2'))?.results.map(cellKey),
      Array.from({ length: 100 }, (_, item) => cellKey(resultOf(other, item))),
    );
    assert.equal((await two.read('study-1'))?.results.length, 100);
    assert.deepEqual(told, []);
    assert.ok(existsSync(join(folder, 'results.db')));
  });
});
