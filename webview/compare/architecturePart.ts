import { type TemplateResult } from 'lit';
import type { Architecture } from '../../src/protocol/architecture';
import { type Architectures, type Maybe, isMissing } from '../../src/protocol/compare';
import type { ArchitectureColumn } from './architectureTable';
import { ArchitectureView } from './architectureView';
import { missingText } from './names';
import { partFrame } from './partFrame';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** The architectures of both models, and of those that were added beside them. */
export class ArchitecturePart {
  private readonly view: ArchitectureView;

  constructor(
    private readonly store: Store,
    private readonly verbs: Verbs,
  ) {
    this.view = new ArchitectureView(() => {
      store.changed();
    });
  }

  draw(): TemplateResult {
    return partFrame(this.store, this.verbs, 'architecture', (found) => this.drawFound(found));
  }

  private drawFound({ left, right, others }: Architectures): TemplateResult {
    const { store, verbs } = this;
    const { strings, snapshot } = store;
    const column = (value: Maybe<Architecture>, name: string): ArchitectureColumn =>
      isMissing(value)
        ? { name, model: null, missing: missingText(value, name, strings) }
        : { name, model: value };
    return this.view.draw({
      left: column(left, store.nameOf('left')),
      right: column(right, store.nameOf('right')),
      others: others.map((value) => column(value, (isMissing(value) ? value.model : value.name) ?? '?')),
      strings,
      locale: snapshot.locale,
      onOpen: (side, _part, layer) => {
        verbs.openVisualizer(side, layer);
      },
      onAddColumn: () => {
        verbs.changeColumns();
      },
      onRemoveColumn: (index) => {
        verbs.changeColumns(index);
      },
    });
  }
}
