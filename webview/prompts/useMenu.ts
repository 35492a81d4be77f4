import type { CellAddress } from '../../src/protocol/prompts';
import { cellKey } from '../../src/protocol/prompts';
import { copyFormats } from '../../src/protocol/promptPage';
import { MenuButton } from '../common/menu';
import type { Store } from './store';
import type { Verbs } from './verbs';

const formatNames = {
  text: 'copyText',
  messages: 'copyMessages',
  transformersjs: 'copyTransformersjs',
  openai: 'copyOpenai',
  promptfoo: 'copyPromptfoo',
} as const;

/** A menu keeps its own state, so each cell has one for as long as the page lives. */
const menus = new Map<string, MenuButton>();

/** What can be taken out of a cell: into the document, or to another tool. */
export function useMenu(store: Store, cell: CellAddress, verbs: Verbs): HTMLElement {
  const { strings } = store.snapshot;
  const key = cellKey(cell);
  const menu = menus.get(key) ?? new MenuButton('ellipsis');
  menus.set(key, menu);
  const result = store.result(cell);
  const answers =
    result && result.error === undefined
      ? [
          {
            label: strings.insertAnswer,
            run: () => {
              void verbs.use(cell, 'answer', 'insert');
            },
          },
          {
            label: strings.copyAnswer,
            run: () => {
              void verbs.use(cell, 'answer', 'copy');
            },
          },
        ]
      : [];
  menu.update(strings.use, [
    ...answers,
    {
      label: strings.insertPrompt,
      run: () => {
        void verbs.use(cell, 'prompt', 'insert');
      },
    },
    ...copyFormats.map((format) => ({
      label: strings[formatNames[format]],
      run: () => {
        void verbs.use(cell, 'prompt', 'copy', format);
      },
    })),
  ]);
  return menu.element;
}
