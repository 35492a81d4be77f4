import type { CommandTable } from '../host/commands';
import type { Continuation } from '../host/continuation';
import type { EditorTracker } from '../host/editorTracker';
import { selectedText } from '../host/selectedText';
import type { Surprisal } from '../host/surprisal';

/** The commands for which a language model reads on, or back. */
export function writingCommands(
  {
    continuation,
    surprisal,
  }: { readonly continuation: Continuation; readonly surprisal: () => Promise<Surprisal> },
  editors: EditorTracker,
): Pick<CommandTable, 'continueText' | 'anotherContinuation' | 'rejectContinuation' | 'showSurprisal'> {
  return {
    continueText: () => continuation.start(editors.inUse()),
    anotherContinuation: () => continuation.another(),
    rejectContinuation: () => continuation.reject(),
    showSurprisal: async (argument) => {
      if (asksForAnother(argument)) {
        return (await surprisal()).showByAnother();
      }
      const text = selectedText(editors.inUse());
      return (await surprisal()).show(text);
    },
  };
}

/** Whether a command was run from the legend, to choose another model. */
function asksForAnother(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && 'byAnother' in argument;
}
