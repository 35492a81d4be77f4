import type * as vscode from 'vscode';
import type { CommandTable } from '../host/commands';
import type { EditorTracker } from '../host/editorTracker';
import { loadedOnce } from '../host/loadedOnce';
import type { TextServices } from '../host/textServices';

type TextCommand =
  | 'predictMasks'
  | 'classifySentiment'
  | 'nextSentence'
  | 'showTokens'
  | 'copyEmbedding'
  | 'measureSimilarity';

/** The commands that measure a selected text; each resolves to what it found, as plain data, and loads what it needs. */
export function textCommands(
  services: TextServices,
  editors: EditorTracker,
  memory: vscode.Memento,
): Pick<CommandTable, TextCommand> {
  // What they show stays until they are asked again.
  const tokens = loadedOnce(async () => new (await import('../host/showTokens')).TokenView(services));
  const similarity = loadedOnce(
    async () => new (await import('../host/measureSimilarity')).SimilarityMeter(services),
  );
  return {
    predictMasks: async () => {
      const editor = editors.inUse();
      const [{ predictMasks }, { offerLargerModel }] = await Promise.all([
        import('../host/predictMasks'),
        import('../host/offerLargerModel'),
      ]);
      return predictMasks(services, editor, offerLargerModel(memory, services.models));
    },
    classifySentiment: async () => {
      const editor = editors.inUse();
      const { classifySentiment } = await import('../host/classifySentiment');
      return classifySentiment(services, editor);
    },
    nextSentence: async () => {
      const editor = editors.inUse();
      const { nextSentences } = await import('../host/nextSentences');
      return nextSentences(services, editor);
    },
    showTokens: async (argument) => {
      const editor = editors.inUse();
      return (await tokens()).show(editor, argument);
    },
    copyEmbedding: async () => {
      const editor = editors.inUse();
      const { copyEmbedding } = await import('../host/copyEmbedding');
      return copyEmbedding(services, editor);
    },
    measureSimilarity: async () => {
      const editor = editors.inUse();
      return (await similarity()).measure(editor);
    },
  };
}
