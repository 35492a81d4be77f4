/** Entry of the view of effects, which the attention page loads when it is opened first. */
import 'vscode-jsonrpc/browser';
import './effects.css';
import { render } from 'lit';
import type { EffectsHost, EffectsView } from '../common/effectsHost';
import { EffectsStore } from './effectsStore';
import { effectsPage } from './effectsPage';

window.makeEffectsView = (element): EffectsView => {
  let store: EffectsStore | null = null;
  let isDue = false;
  // Several answers may come within a frame.
  const draw = (): void => {
    if (!isDue) {
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        if (store) {
          render(effectsPage(store), element);
        }
      });
    }
  };
  return {
    update: (host: EffectsHost) => {
      store ??= new EffectsStore(host, draw);
      store.setHost(host);
      draw();
    },
    progress: (done, total) => store?.progress(done, total),
  };
};
