import {
  OpenExample,
  PageEffects,
  PageEffectsProgress,
  PageExampleScore,
} from '../../src/protocol/effectsPage';
import type { MessageConnection } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import type { EffectsHost, EffectsView } from '../common/effectsHost';
import { element } from '../common/element';
import { loadLater } from '../common/laterScript';
import type { Store } from './store';

/** The place of the view of effects, whose script is loaded when it is opened first. */
export class EffectsTab {
  readonly element = element('div', 'effects');
  private loading: Promise<void> | undefined;
  private view: EffectsView | undefined;

  constructor(
    private readonly store: Store,
    private readonly connection: MessageConnection,
    /** Opens the head in the picture instead. */
    private readonly left: () => void,
  ) {
    connection.onNotification(PageEffectsProgress, ({ done, total }) => this.view?.progress(done, total));
  }

  /** Brings what is on show up to date. */
  show(): void {
    const host = this.host();
    if (!host) {
      return;
    }
    if (this.view) {
      this.view.update(host);
      return;
    }
    this.loading ??= loadLater('effects', { styled: true }).then(
      () => {
        this.view = window.makeEffectsView?.(this.element);
        this.show();
      },
      () => {
        this.loading = undefined;
        this.element.replaceChildren(element('p', '', { role: 'alert' }, [host.strings.viewScriptFailed]));
      },
    );
  }

  private host(): EffectsHost | null {
    const { store, connection } = this;
    const { view, snapshot, pinned, units } = store;
    if (!view) {
      return null;
    }
    return {
      strings: snapshot.strings,
      view,
      pinned: pinned[0] === undefined ? null : (units[pinned[0]]?.index ?? null),
      // Whatever the host answers to a method is what that method's type says.
      ask: (type, params, token) =>
        ask(connection, PageEffects, { method: type.method, params }, token) as Promise<never>,
      scoreExample: (example, token) => ask(connection, PageExampleScore, { example }, token),
      openExample: async (example) => {
        await ask(connection, OpenExample, { example });
      },
      showHead: (layer, head) => {
        store.choose(layer, head);
        this.left();
      },
    };
  }
}
