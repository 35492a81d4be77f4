import { mkdir, readdir, readFile, rename, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { checked, fields, listOf, maybe, oneOf, text, whole } from '../protocol/shape';
import { type RemoteFile, isCommit } from './hub';
import { diskFailure } from './hubError';
import { isModelId, isSafePath } from './modelId';
import { type Dtype, dtypes } from './variants';

/** What is to be fetched, or was: enough to go on after a restart, and to say later what a folder holds. */
export interface DownloadPlan {
  readonly id: string;
  readonly dtype: Dtype;
  readonly commit: string;
  readonly files: readonly RemoteFile[];
  readonly license?: string;
  readonly task?: string;
}

/** A model that is on this machine. */
export interface StoredModel extends DownloadPlan {
  readonly folder: string;
  readonly bytes: number;
}

/** A download that was stopped before its end. */
export interface PausedDownload extends DownloadPlan {
  readonly work: string;
  /** On disk so far. */
  readonly bytes: number;
  readonly total: number;
}

const planFile = '.transformer-scope.json';
const workRoot = '.downloads';
/** What is being deleted is called so; no id begins like this. */
const asidePrefix = '.deleted-';

/**
 * Downloaded models: `root/owner/name/dtype`, each a folder in Hugging Face layout. What is unfinished lies under
 * `root/.downloads` and is renamed into place when it is whole.
 */
export class ModelStore {
  constructor(readonly root: string) {}

  folderOf({ id, dtype }: Pick<DownloadPlan, 'id' | 'dtype'>): string {
    return join(this.root, ...id.split('/'), dtype);
  }

  workOf({ id, dtype }: Pick<DownloadPlan, 'id' | 'dtype'>): string {
    return join(this.root, workRoot, `${id.replace('/', '--')}--${dtype}`);
  }

  lockOf(plan: Pick<DownloadPlan, 'id' | 'dtype'>): string {
    return `${this.workOf(plan)}.lock`;
  }

  /** The id of a folder of this store, e.g. `owner/name q8`; undefined for any other folder. */
  nameOf(folder: string): string | undefined {
    const parts = relative(this.root, folder).split(sep);
    const id = parts.slice(0, -1).join('/');
    return parts.length > 1 && parts[0] !== '..' && isModelId(id) ? `${id} ${parts.at(-1)}` : undefined;
  }

  /** What is there, by name. */
  async models(): Promise<StoredModel[]> {
    const found: StoredModel[] = [];
    const visit = async (folder: string, depth: number): Promise<void> => {
      const plan = await readPlan(folder);
      if (plan) {
        found.push({ ...plan, folder, bytes: totalOf(plan) });
      } else if (depth < 3) {
        for (const name of await foldersIn(folder)) {
          await visit(join(folder, name), depth + 1);
        }
      }
    };
    await visit(this.root, 0);
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Where a model lies with just this content; another version of it does not count. */
  async find(plan: DownloadPlan): Promise<string | undefined> {
    const folder = this.folderOf(plan);
    const there = new Map((await readPlan(folder))?.files.map((file) => [file.path, file]));
    const isSame = plan.files.every((file) => {
      const old = there.get(file.path);
      return old !== undefined && isSameContent(old, file);
    });
    return isSame ? folder : undefined;
  }

  async paused(): Promise<PausedDownload[]> {
    const root = join(this.root, workRoot);
    const found: PausedDownload[] = [];
    for (const name of await foldersIn(root)) {
      const work = join(root, name);
      const plan = await readPlan(work);
      if (plan) {
        found.push({ ...plan, work, bytes: await bytesBelow(work), total: totalOf(plan) });
      }
    }
    return found;
  }

  /** Begins, or goes on with, an unfinished model: parts of files that have changed on the hub are dropped. */
  async begin(plan: DownloadPlan): Promise<string> {
    const work = this.workOf(plan);
    const before = await readPlan(work);
    const kept = new Map(before?.files.map((file) => [file.path, file]));
    try {
      await mkdir(work, { recursive: true });
      for (const file of plan.files) {
        const old = kept.get(file.path);
        if (old && !isSameContent(old, file)) {
          for (const suffix of ['', '.incomplete', '.incomplete.etag']) {
            await rm(join(work, ...file.path.split('/')) + suffix, { force: true });
          }
        }
      }
      await writeFile(join(work, planFile), JSON.stringify(plan, undefined, 2));
    } catch (error) {
      throw diskFailure(error, work);
    }
    return work;
  }

  /** Moves a whole model to its place, in one step; an older version of it goes. */
  async finish(plan: DownloadPlan): Promise<string> {
    const folder = this.folderOf(plan);
    try {
      await mkdir(dirname(folder), { recursive: true });
      const aside = await this.setAside(folder);
      await rename(this.workOf(plan), folder);
      await rm(aside, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      throw diskFailure(error, folder);
    }
    return folder;
  }

  /** Deletes a model, and folders that are empty then. The name goes first: nobody loads half a model. */
  async remove(folder: string): Promise<void> {
    if (this.nameOf(folder) === undefined) {
      return;
    }
    const aside = await this.setAside(folder);
    await rm(aside, { recursive: true, force: true, maxRetries: 3 });
    await this.removeEmpty(dirname(folder));
    await this.tidy();
  }

  private async setAside(folder: string): Promise<string> {
    const aside = join(this.root, workRoot, `${asidePrefix}${Date.now()}`);
    await mkdir(dirname(aside), { recursive: true });
    await rename(folder, aside).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') {
        throw error;
      }
    });
    return aside;
  }

  /** Forgets an unfinished download. */
  async discard(plan: Pick<DownloadPlan, 'id' | 'dtype'>): Promise<void> {
    await rm(this.workOf(plan), { recursive: true, force: true, maxRetries: 3 });
    await this.tidy();
  }

  /** Removes what a deletion left that was cut short; where nothing is unfinished, nothing tells of it. */
  async tidy(): Promise<void> {
    const work = join(this.root, workRoot);
    for (const name of await readdir(work).catch((): string[] => [])) {
      if (name.startsWith(asidePrefix)) {
        await rm(join(work, name), { recursive: true, force: true, maxRetries: 3 });
      }
    }
    await this.removeEmpty(work);
  }

  /** Bytes that can still be written where the models lie; undefined where the system does not tell. */
  async freeBytes(): Promise<number | undefined> {
    for (let folder = this.root; ; folder = dirname(folder)) {
      const found = await statfs(folder).catch(() => undefined);
      if (found) {
        return found.bavail * found.bsize;
      }
      if (dirname(folder) === folder) {
        return undefined;
      }
    }
  }

  /** A folder into which another window has just put something stays. */
  private async removeEmpty(folder: string): Promise<void> {
    for (let empty = folder; empty.startsWith(this.root + sep); empty = dirname(empty)) {
      if (
        !(await rmdir(empty).then(
          () => true,
          () => false,
        ))
      ) {
        return;
      }
    }
  }
}

export function totalOf(plan: DownloadPlan): number {
  return plan.files.reduce((sum, { size }) => sum + size, 0);
}

/** By hash; where the hub tells none, by size. */
function isSameContent(a: RemoteFile, b: RemoteFile): boolean {
  return a.size === b.size && a.sha256 === b.sha256 && a.gitSha1 === b.gitSha1;
}

/** What a folder says of itself: it may have come from anywhere, and its paths are written to and deleted. */
const downloadPlan = fields<DownloadPlan>({
  id: checked(text(200), isModelId),
  dtype: oneOf(dtypes),
  commit: checked(text(200), isCommit),
  files: listOf(
    fields<RemoteFile>({
      path: checked(text(500), isSafePath),
      size: whole(0, Number.MAX_SAFE_INTEGER),
      sha256: maybe(text(64)),
      gitSha1: maybe(text(40)),
    }),
    1000,
  ),
  license: maybe(text(1000)),
  task: maybe(text(200)),
});

async function readPlan(folder: string): Promise<DownloadPlan | undefined> {
  try {
    return downloadPlan(JSON.parse(await readFile(join(folder, planFile), 'utf8')), planFile);
  } catch {
    return undefined;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const sizes = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found?.isFile() ? found.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
