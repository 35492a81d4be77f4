import type * as vscode from 'vscode';
import type { CommandTable } from '../host/commands';
import type { EditorTracker } from '../host/editorTracker';
import { SimilarityMeter } from '../host/measureSimilarity';
import { offerLargerModel } from '../host/offerLargerModel';
import { TokenView } from '../host/showTokens';
import type { TextServices } from '../host/textServices';

type TextCommand =
  | 'predictMasks'
  | 'classifySentiment'
  | 'nextSentence'
  | 'showTokens'
  | 'copyEmbedding'
  | 'measureSimilarity';

/** The commands that measure a selected text; each resolves to what it found, as plain data. */
export function textCommands(
  services: TextServices,
  editors: EditorTracker,
  memory: vscode.Memento,
): Pick<CommandTable, TextCommand> {
  const tokens = new TokenView(services);
  const similarity = new SimilarityMeter(services);
  return {
    predictMasks: async () => {
      const editor = editors.inUse();
      const { predictMasks } = await import('../host/predictMasks');
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
    showTokens: (argument) => tokens.show(editors.inUse(), argument),
    copyEmbedding: async () => {
      const editor = editors.inUse();
      const { copyEmbedding } = await import('../host/copyEmbedding');
      return copyEmbedding(services, editor);
    },
    measureSimilarity: () => similarity.measure(editors.inUse()),
  };
}
