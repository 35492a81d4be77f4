import {
  type ComparePart,
  type CompareStates,
  type CompareValues,
  type PartState,
  type SharedWord,
  type Side,
} from '../../src/protocol/compare';
import type { CompareSnapshot } from '../../src/protocol/comparePage';
import type { VsCodeApi } from '../common/vscodeApi';
import { type Look, type Tab, restoreLook, tabs } from './look';

export type StreamName = 'base' | 'tuned' | 'continued';

/** Which part shows what a stream writes. */
const streamParts = { base: 'chat', tuned: 'chat', continued: 'uses' } as const;

/** What the page shows: the host's snapshot with the parts that came since, and where the reader is. */
export class Store {
  helpOpen = false;
  editing = false;
  /** Said to screen readers, and shown until the next thing is done. */
  notice = '';
  /** The word that was asked for last, until its answer is there. */
  askedWord: number | null = null;
  private pointedWord: number | null = null;
  private cursorWord: number | null = null;
  private current: CompareSnapshot;
  private seen: Look;
  /** The host has not been told yet that this tab is seen. */
  private untoldTab: Tab | null;
  private lookListener: (look: Look) => void = () => undefined;
  private readonly streams = new Map<StreamName, string>();
  private readonly listeners: (() => void)[] = [];
  private readonly lightListeners: (() => void)[] = [];

  constructor(
    snapshot: CompareSnapshot,
    private readonly api: VsCodeApi,
  ) {
    this.current = snapshot;
    this.seen = restoreLook(snapshot.openLook ?? api.getState());
    this.untoldTab = this.seen.tab;
    this.turnTo(snapshot.turnTo);
  }

  /** Who is told where the reader is, at once and whenever that changes. */
  onLook(listener: (look: Look) => void): void {
    this.lookListener = listener;
    listener(this.seen);
  }

  get snapshot(): CompareSnapshot {
    return this.current;
  }

  get strings(): CompareSnapshot['strings'] {
    return this.current.strings;
  }

  /** What is looked at, and how. */
  get look(): Look {
    return this.seen;
  }

  setLook(change: Partial<Look>): void {
    this.untoldTab = change.tab ?? this.untoldTab;
    this.seen = { ...this.seen, ...change };
    this.api.setState(this.seen);
    this.lookListener(this.seen);
    this.changed();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Called when another word is pointed at: too often for drawing the page anew. */
  onLight(listener: () => void): void {
    this.lightListeners.push(listener);
  }

  changed(): void {
    this.listeners.forEach((listener) => {
      listener();
    });
  }

  setSnapshot(snapshot: CompareSnapshot): void {
    if (snapshot.compared?.text !== this.current.compared?.text) {
      this.pointedWord = this.cursorWord = null;
    }
    this.askedWord = null;
    this.streams.clear();
    this.current = snapshot;
    if (snapshot.openLook !== undefined) {
      this.seen = restoreLook(snapshot.openLook);
      this.untoldTab = this.seen.tab;
      this.api.setState(this.seen);
      this.lookListener(this.seen);
    }
    this.turnTo(snapshot.turnTo);
    this.changed();
  }

  /** The tab that is seen, once after it has changed. */
  takeUntoldTab(): Tab | null {
    const tab = this.untoldTab;
    this.untoldTab = null;
    return tab;
  }

  setParts(parts: Partial<CompareStates>, busy: boolean): void {
    for (const [name, part] of Object.entries(streamParts) as [StreamName, ComparePart][]) {
      const [before, now] = [this.current.parts[part].state, parts[part]?.state];
      // What was streamed goes when its part ends or begins anew.
      if (now !== undefined && !(now === 'running' && before === 'running')) {
        this.streams.delete(name);
      }
    }
    if (parts.blank && parts.blank.state !== 'running') {
      this.askedWord = null;
    }
    this.current = { ...this.current, parts: { ...this.current.parts, ...parts }, busy };
    this.changed();
  }

  stream(what: StreamName, text: string): void {
    this.streams.set(what, text);
    this.changed();
  }

  streamed(what: StreamName): string | undefined {
    return this.streams.get(what);
  }

  part<P extends ComparePart>(part: P): PartState<CompareValues[P]> {
    return this.current.parts[part];
  }

  /** A part's result; null while there is none. */
  value<P extends ComparePart>(part: P): CompareValues[P] | null {
    const state = this.part(part);
    return state.state === 'done' ? state.value : null;
  }

  /** The words of the text, from whichever part has them first. */
  get words(): readonly SharedWord[] {
    return (this.value('reading') ?? this.value('cloze'))?.words ?? [];
  }

  /** A side's model as people call it; told apart by its place when the same stands in both. */
  nameOf(side: Side): string {
    const models = this.current.compared?.models;
    if (!models) {
      return '';
    }
    const { left, right } = models;
    const same = left.id === right.id;
    return same ? `${models[side].id} (${this.strings[side]})` : models[side].id;
  }

  /** The word that is pointed at on the page, or else where the editor's cursor stands. */
  get lit(): number | null {
    return this.pointedWord ?? this.cursorWord;
  }

  /** @returns whether that is news */
  point(word: number | null): boolean {
    if (word === this.pointedWord) {
      return false;
    }
    this.pointedWord = word;
    this.light();
    return true;
  }

  cursorAt(offset: number | null): void {
    const index =
      offset === null ? -1 : this.words.findIndex(({ start, end }) => start <= offset && offset <= end);
    this.cursorWord = index < 0 ? null : index;
    this.light();
  }

  say(text: string): void {
    this.notice = text;
    this.changed();
  }

  private light(): void {
    this.lightListeners.forEach((listener) => {
      listener();
    });
  }

  private turnTo(name: string | null): void {
    const tab = tabs.find((each) => each === name);
    if (tab) {
      this.seen = { ...this.seen, tab };
      this.api.setState(this.seen);
      this.untoldTab = tab;
      this.lookListener(this.seen);
    }
  }
}
