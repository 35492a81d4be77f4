import { askedPicture } from '../host/askedPicture';
import type { AttentionGlow } from '../host/attentionGlow';
import type { CommandTable } from '../host/commands';
import type { DocumentOverlay } from '../host/documentOverlay';
import type { EditorTracker } from '../host/editorTracker';
import type { HubAccess } from '../host/hubAccess';
import type { ModelChooser } from '../host/modelChooser';
import type { ModelDownloads } from '../host/modelDownloads';
import type { DownloadRow, ModelRow } from '../host/modelRows';
import { revealFolder } from '../host/revealFolder';
import { selectedText } from '../host/selectedText';
import { showMenu } from '../host/statusItem';
import type { AttentionPanel } from './attentionPanel';
import type { EntryRow, StudyRow } from './historyTree';
import type { Sidebar } from './sidebar';

/** What the side bar's commands act on. */
export interface SidebarCommandParts {
  readonly sidebar: Sidebar;
  readonly panel: AttentionPanel;
  readonly glow: AttentionGlow;
  readonly overlay: DocumentOverlay;
  readonly chooser: ModelChooser;
  readonly downloads: ModelDownloads;
  readonly access: HubAccess;
}

/** The commands of the side bar and of the item in the status bar. */
export type SidebarCommands = Pick<
  CommandTable,
  | 'showMenu'
  | 'visualizeWithModel'
  | 'useModelFor'
  | 'loadModel'
  | 'unloadModel'
  | 'revealModel'
  | 'openModelCard'
  | 'checkModel'
  | 'deleteModel'
  | 'downloadModels'
  | 'refreshModels'
  | 'pauseDownload'
  | 'resumeDownload'
  | 'discardDownload'
  | 'openHistory'
  | 'renameHistory'
  | 'exportHistory'
  | 'deleteHistory'
  | 'clearHistory'
>;

/** The side bar's part of the command table. */
export function sidebarCommands(parts: SidebarCommandParts, editors: EditorTracker): SidebarCommands {
  const { sidebar, panel, glow, overlay, chooser, downloads, access } = parts;
  const { modelActions } = sidebar;
  /** Does something with a model's row; without one, nothing. */
  const onModel =
    (act: (row: ModelRow) => unknown) =>
    async (argument?: unknown): Promise<void> => {
      const row = sidebar.modelRow(argument);
      if (row?.kind === 'model') {
        await act(row);
      }
    };
  const onDownload =
    (act: (row: DownloadRow) => unknown) =>
    async (argument?: unknown): Promise<void> => {
      const row = sidebar.modelRow(argument);
      if (row?.kind === 'download') {
        await act(row);
      }
    };
  const onEntry =
    (act: (row: EntryRow | StudyRow) => unknown) =>
    async (argument?: unknown): Promise<void> => {
      const row = sidebar.historyRow(argument);
      if (row && row.kind !== 'day') {
        await act(row);
      }
    };
  return {
    showMenu: () => showMenu(overlay.current !== undefined || glow.current !== undefined),
    visualizeWithModel: onModel(async ({ source, group }) => {
      if (group === 'pictures') {
        const uri = await askedPicture(undefined);
        await (uri && panel.showPicture(uri, source));
      } else {
        await panel.show(() => selectedText(editors.inUse()), source);
      }
    }),
    useModelFor: onModel(async (row) => (await modelActions()).useFor(row)),
    loadModel: onModel(async (row) => (await modelActions()).load(row)),
    unloadModel: onModel(async (row) => (await modelActions()).unload(row)),
    revealModel: onModel(({ source }) => revealFolder(source.folder)),
    openModelCard: onModel(async (row) => (await modelActions()).openCard(row)),
    checkModel: onModel(async (row) => (await import('../host/checkFiles')).checkModel(row)),
    deleteModel: onModel(async (row) => {
      await (await modelActions()).remove(row);
      sidebar.models.reload();
    }),
    downloadModels: async () => {
      await chooser.have();
      sidebar.models.reload();
    },
    refreshModels: () => sidebar.refreshModels(),
    pauseDownload: onDownload(({ plan }) => {
      downloads.pause(plan.id);
    }),
    resumeDownload: onDownload(({ plan }) => downloads.resume(plan)),
    discardDownload: onDownload(async ({ plan }) => {
      await access.store().discard(plan);
      sidebar.models.reload();
    }),
    openHistory: onEntry(async (row) => (await sidebar.historyActions()).open(row)),
    renameHistory: onEntry(async (row) => (await sidebar.historyActions()).rename(row)),
    exportHistory: onEntry(async (row) => (await sidebar.historyActions()).export(row)),
    deleteHistory: async (argument) => {
      const row = sidebar.historyRow(argument);
      await (row && (await sidebar.historyActions()).remove(row));
    },
    clearHistory: async () => (await sidebar.historyActions()).clear(),
  };
}
