import * as vscode from 'vscode';
import { globMatches } from './globMatch';
import type { PictureStat } from './imageIndex';
import { pictureExtensions } from './pictureType';

/** Folders that hold what others have written, or no files of a person. */
const neverEntered = new Set(['node_modules', '.git', '.hg', '.svn']);
/** A folder of more folders than this, such as a home folder, is not walked to its end. */
const mostFolders = 20_000;

export interface FolderPictures {
  readonly uris: readonly vscode.Uri[];
  /** Whether there are more. */
  readonly isLimited: boolean;
}

/** Whether a file's name says that it is a picture. */
export function isPictureName(name: string): boolean {
  const extension = name.split('.').at(-1)?.toLowerCase();
  return name.includes('.') && pictureExtensions.some((each) => each === extension);
}

/**
 * The picture files below a folder in the order of their names, without what the setting `files.exclude` hides.
 * Goes through `workspace.fs`, because a search for files is not offered by every file system. Linked folders are
 * not entered: they may lead in a circle.
 */
export async function picturesIn(
  folder: vscode.Uri,
  most: number,
  { found, stopped }: { found(count: number): void; stopped(): boolean },
): Promise<FolderPictures> {
  const isHidden = hiddenFiles(folder);
  const uris: vscode.Uri[] = [];
  let numFolders = 0;
  const walk = async (at: vscode.Uri): Promise<boolean> => {
    if (stopped() || ++numFolders > mostFolders) {
      return false;
    }
    const children = await childrenOf(at, at === folder);
    for (const [name, type] of children) {
      const uri = vscode.Uri.joinPath(at, name);
      if (neverEntered.has(name) || isHidden(uri)) {
        continue;
      }
      if (type === vscode.FileType.Directory) {
        if (!(await walk(uri))) {
          return false;
        }
      } else if ((type & vscode.FileType.File) !== 0 && isPictureName(name)) {
        if (uris.length === most) {
          return false;
        }
        uris.push(uri);
      }
    }
    found(uris.length);
    return true;
  };
  const isWhole = await walk(folder);
  return { uris, isLimited: !isWhole };
}

/** Sizes and times of files; one that went away meanwhile is left out. */
export async function statPictures(uris: readonly vscode.Uri[]): Promise<PictureStat[]> {
  const stats: PictureStat[] = [];
  for (let start = 0; start < uris.length; start += 64) {
    const found = await Promise.all(
      uris.slice(start, start + 64).map(async (uri) => {
        try {
          const { size, mtime } = await vscode.workspace.fs.stat(uri);
          return { uri: uri.toString(), size, mtime };
        } catch {
          return undefined;
        }
      }),
    );
    stats.push(...found.filter((each) => each !== undefined));
  }
  return stats;
}

async function childrenOf(folder: vscode.Uri, isRoot: boolean): Promise<[string, vscode.FileType][]> {
  try {
    const children = await vscode.workspace.fs.readDirectory(folder);
    return children.sort(([a], [b]) => (a < b ? -1 : 1));
  } catch (error) {
    // One that may not be read hides its pictures, as it does in the explorer; the folder asked for has to be told of.
    if (isRoot) {
      throw error;
    }
    return [];
  }
}

/** What `files.exclude` hides; its patterns are relative to the workspace's folder. */
function hiddenFiles(folder: vscode.Uri): (uri: vscode.Uri) => boolean {
  const root = vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  const excluded = vscode.workspace
    .getConfiguration('files', folder)
    .get<Readonly<Record<string, unknown>>>('exclude', {});
  // Those that depend on a file beside it ({ "when": … }) are about build outputs.
  const patterns = Object.entries(excluded).flatMap(([pattern, on]) => (on === true ? [pattern] : []));
  const prefix = root.path.endsWith('/') ? root.path : `${root.path}/`;
  return (uri) => {
    const path = uri.path.startsWith(prefix) ? uri.path.slice(prefix.length) : uri.path;
    return patterns.some((pattern) => globMatches(pattern, path));
  };
}
