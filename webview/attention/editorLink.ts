import { CursorAt, PointAt } from '../../src/protocol/attentionPage';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import type { Store } from './store';

/** What is pointed at here lights up in the document, and the editor's cursor points here. */
export function followEditor(connection: MessageConnection, store: Store): void {
  let told: number | null = null;
  /** Set while the cursor of the editor, not the pointer, is what points. */
  let byCursor = false;
  store.onChange(() => {
    const { view } = store;
    const focused = byCursor ? null : (store.cell?.query ?? store.hovered ?? store.pinned[0] ?? null);
    if (!view || focused === told) {
      return;
    }
    told = focused;
    const unit = focused === null ? undefined : store.units[focused];
    const range = unit && unit.end > unit.start ? { start: unit.start, end: unit.end } : null;
    void connection.sendNotification(PointAt, { runId: view.runId, range });
  });
  connection.onNotification(CursorAt, ({ runId, token }) => {
    if (runId === store.view?.runId) {
      byCursor = true;
      store.hover(token === null ? null : store.unitOf(token));
      byCursor = false;
    }
  });
}
