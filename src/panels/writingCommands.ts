import type { CommandTable } from '../host/commands';
import type { Continuation } from '../host/continuation';
import type { EditorTracker } from '../host/editorTracker';
import { selectedText } from '../host/selectedText';
import { type Surprisal, asksForAnother } from '../host/surprisal';

/** The commands for which a language model reads on, or back. */
export function writingCommands(
  { continuation, surprisal }: { readonly continuation: Continuation; readonly surprisal: Surprisal },
  editors: EditorTracker,
): Pick<CommandTable, 'continueText' | 'anotherContinuation' | 'rejectContinuation' | 'showSurprisal'> {
  return {
    continueText: () => continuation.start(editors.inUse()),
    anotherContinuation: () => continuation.another(),
    rejectContinuation: () => continuation.reject(),
    showSurprisal: (argument) =>
      asksForAnother(argument) ? surprisal.showByAnother() : surprisal.show(selectedText(editors.inUse())),
  };
}
