import type * as vscode from 'vscode';
import { classifySentiment } from '../host/classifySentiment';
import type { CommandTable } from '../host/commands';
import { copyEmbedding } from '../host/copyEmbedding';
import type { EditorTracker } from '../host/editorTracker';
import { SimilarityMeter } from '../host/measureSimilarity';
import { nextSentences } from '../host/nextSentences';
import { offerLargerModel } from '../host/offerLargerModel';
import { predictMasks } from '../host/predictMasks';
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
    predictMasks: () => predictMasks(services, editors.inUse(), offerLargerModel(memory, services.models)),
    classifySentiment: () => classifySentiment(services, editors.inUse()),
    nextSentence: () => nextSentences(services, editors.inUse()),
    showTokens: (argument) => tokens.show(editors.inUse(), argument),
    copyEmbedding: () => copyEmbedding(services, editors.inUse()),
    measureSimilarity: () => similarity.measure(editors.inUse()),
  };
}
