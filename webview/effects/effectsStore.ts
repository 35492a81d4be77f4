import type { ExampleName } from '../../src/attention/effectExamples';
import {
  DirectOfHeads,
  type DirectEffects,
  type EffectAnswer,
  type EffectBase,
  type EffectTarget,
  type ExampleScore,
  FindTokens,
  type HeadChange,
  type HeadEffects,
  NormsOfValues,
  Occlude,
  type OcclusionEffects,
  PredictBase,
  PredictEdited,
  RankHeads,
  type ValueNorms,
} from '../../src/protocol/effects';
import type { Candidate } from '../../src/protocol/language';
import type { AttentionView } from '../../src/protocol/attentionPage';
import type { EffectsHost } from '../common/effectsHost';
import { visibleText } from '../common/tokenText';
import { Asked } from './asked';
import { Switches } from './switches';

/** Candidates of each answer. */
const numCandidates = 8;
/** Token readings that are measured unasked: about a second on a slow machine. */
const unaskedReadings = 6000;

/** The state of the view of effects: what is asked about, what was answered, what is switched off. */
export class EffectsStore {
  position = 0;
  target: EffectTarget | null = null;
  change: HeadChange = 'zero';
  onlyHere = false;
  otherText = '';
  byWord = true;
  /** The head whose values are on show. */
  head = { layer: 0, head: 0 };
  /** What was typed as a token and is none. */
  notOneToken: string | null = null;
  readonly switches: Switches;
  readonly base: Asked<EffectBase>;
  readonly before: Asked<EffectAnswer>;
  readonly after: Asked<EffectAnswer>;
  readonly ranked: Asked<HeadEffects>;
  readonly direct: Asked<DirectEffects>;
  readonly occluded: Asked<OcclusionEffects>;
  readonly norms: Asked<ValueNorms>;
  readonly examples: Readonly<Record<ExampleName, Asked<ExampleScore>>>;
  /** Tokens by id, as far as they were told. */
  private readonly names = new Map<number, string>();
  private runId = -1;

  constructor(
    public host: EffectsHost,
    private readonly changed: () => void,
  ) {
    const asked = <R>(): Asked<R> => new Asked<R>(changed);
    this.switches = new Switches(() => {
      this.follow();
    });
    this.base = asked();
    this.before = asked();
    this.after = asked();
    this.ranked = asked();
    this.direct = asked();
    this.occluded = asked();
    this.norms = asked();
    this.examples = { ioi: asked(), words: asked() };
  }

  get view(): AttentionView {
    return this.host.view;
  }

  /** Takes up another run, or goes on with the one on show. */
  setHost(host: EffectsHost): void {
    const modelBefore = this.host.view.model.id;
    this.host = host;
    if (host.view.runId === this.runId) {
      return;
    }
    if (host.view.model.id !== modelBefore) {
      Object.values(this.examples).forEach((each) => {
        each.forget();
      });
    }
    this.runId = host.view.runId;
    this.lookAt(startOf(host));
  }

  /** Looks at another prediction of the run. */
  lookAt(position: number): void {
    this.position = position;
    this.forget();
    void this.begin();
  }

  setTarget(target: EffectTarget): void {
    this.target = target;
    this.notOneToken = null;
    this.ranked.forget();
    this.direct.forget();
    this.occluded.forget();
    this.follow();
    this.measureUnasked();
    this.changed();
  }

  setHow(how: Partial<Pick<EffectsStore, 'change' | 'onlyHere' | 'otherText'>>): void {
    Object.assign(this, how);
    this.ranked.forget();
    this.follow();
    this.measureUnasked();
    this.changed();
  }

  /** Takes a typed token as target or contrast, where it is one token of the model. */
  async typed(text: string, as: keyof EffectTarget): Promise<void> {
    const texts = /^\s/.test(text) ? [text] : [` ${text}`, text];
    const found = await this.host.ask(FindTokens, { texts }).catch(() => []);
    const token = found.find((each) => each !== null);
    this.notOneToken = token ? null : text;
    if (token && this.target) {
      this.names.set(token.id, this.written(token));
      this.setTarget({ ...this.target, [as]: token.id });
    }
    this.changed();
  }

  /** Measures every head alone. */
  measureHeads(): void {
    const { target, change, onlyHere } = this;
    if (target && !this.needsOther) {
      void this.ranked.ask((token) =>
        this.host.ask(
          RankHeads,
          { ...this.place, ...target, change, onlyAtPosition: onlyHere, ...this.other },
          token,
        ),
      );
    }
  }

  measureTokens(): void {
    const { target, view, byWord } = this;
    if (target) {
      const groups = byWord ? view.words : view.tokens.map((_, token) => token);
      void this.occluded.ask((token) => this.host.ask(Occlude, { ...this.place, ...target, groups }, token));
    }
  }

  setByWord(byWord: boolean): void {
    this.byWord = byWord;
    this.occluded.forget();
    this.measureUnasked();
    this.changed();
  }

  measureExample(example: ExampleName): void {
    void this.examples[example].ask((token) => this.host.scoreExample(example, token));
  }

  /** Shows what the values of a head are. */
  showValues(layer: number, head: number): void {
    if (layer !== this.head.layer || head !== this.head.head) {
      this.head = { layer, head };
      this.changed();
    }
    if (this.norms.state.kind === 'none' && this.base.value) {
      void this.norms.ask((token) => this.host.ask(NormsOfValues, this.place, token));
    }
  }

  progress(done: number, total: number): void {
    const running = [this.ranked, this.occluded, this.examples.ioi, this.examples.words, this.direct].find(
      (each) => each.state.kind === 'asked',
    );
    running?.setProgress(done, total);
  }

  /** Whether another text is needed first. */
  get needsOther(): boolean {
    return this.change.startsWith('other') && this.otherText.trim() === '';
  }

  /** A token as a reader sees it. Only to a decoder does the space before a word say anything. */
  written({ text, piece }: Pick<Candidate, 'text' | 'piece'>): string {
    const shown = this.base.value?.head === 'masked' ? text.trim() : text;
    return visibleText({ text: shown, piece });
  }

  /** The token of an id. */
  nameOf(id: number): string {
    return this.names.get(id) ?? `#${id}`;
  }

  /** What the target is named, and the contrast. */
  get targetNames(): readonly [string, string | null] {
    const { targetId = -1, contrastId } = this.target ?? {};
    return [this.nameOf(targetId), contrastId === undefined ? null : this.nameOf(contrastId)];
  }

  private get place(): { readonly runId: number; readonly position: number } {
    return { runId: this.runId, position: this.position };
  }

  private get other(): { otherText?: string } {
    return this.change.startsWith('other') ? { otherText: this.otherText } : {};
  }

  private forget(): void {
    for (const each of [this.base, this.before, this.after, this.ranked, this.direct]) {
      each.forget();
    }
    this.occluded.forget();
    this.norms.forget();
    this.switches.clear();
    this.target = null;
    this.notOneToken = null;
  }

  private async begin(): Promise<void> {
    const { place, view, host } = this;
    await this.base.ask((token) => host.ask(PredictBase, { ...place, topK: numCandidates }, token));
    const base = this.base.value;
    if (!base || place.runId !== this.runId || place.position !== this.position) {
      return;
    }
    for (const token of [...base.candidates, ...(base.actual ? [base.actual] : [])]) {
      this.names.set(token.id, this.written(token));
    }
    const opening = view.openEffects;
    const wanted = opening
      ? await host.ask(FindTokens, { texts: [opening.target, opening.contrast] }).catch(() => [])
      : [];
    wanted.forEach((token) => token && this.names.set(token.id, this.written(token)));
    const [target, contrast] = wanted;
    const first = base.head === 'masked' ? (base.actual ?? base.candidates[0]) : base.candidates[0];
    if (target && contrast) {
      this.setTarget({ targetId: target.id, contrastId: contrast.id });
    } else if (first) {
      this.setTarget({ targetId: first.id });
    }
    if (opening && base.head === 'causal') {
      this.measureExample(opening.example);
    }
  }

  /** Asks for the answer under what is switched off now. */
  private follow(): void {
    const { target, place, switches, change, onlyHere } = this;
    if (!target || !this.base.value) {
      return;
    }
    const edits = { change, onlyAtPosition: onlyHere, ...this.other };
    const nothing = { ...edits, change: 'zero' as const, heads: [], keys: [] };
    const ask = (asked: Asked<EffectAnswer>, changes: typeof nothing): void => {
      void asked.ask((token) =>
        this.host.ask(PredictEdited, { ...place, ...target, edits: changes, topK: numCandidates }, token),
      );
    };
    if (this.before.key !== JSON.stringify({ place, target })) {
      this.before.key = JSON.stringify({ place, target });
      ask(this.before, nothing);
    }
    if (switches.isEmpty || (switches.heads.length > 0 && this.needsOther)) {
      this.after.forget();
    } else {
      ask(this.after, { ...edits, heads: switches.heads, keys: switches.keys } as typeof nothing);
    }
    this.changed();
  }

  /** What is quickly measured is measured at once. */
  private measureUnasked(): void {
    const base = this.base.value;
    if (!base || !this.target) {
      return;
    }
    if (base.direct === 'yes' && this.direct.state.kind === 'none') {
      const { target, place } = this;
      void this.direct.ask((token) => this.host.ask(DirectOfHeads, { ...place, ...target }, token));
    }
    const readings = base.numLayers * (base.numHeads + 1) * base.numTokens;
    if (this.ranked.state.kind === 'none' && readings <= unaskedReadings) {
      this.measureHeads();
    }
    if (this.occluded.state.kind === 'none' && base.numTokens ** 2 <= unaskedReadings / 4) {
      this.measureTokens();
    }
    this.showValues(this.head.layer, this.head.head);
  }
}

/** The pinned token, the mask, or where the text ends. */
function startOf({ view, pinned }: EffectsHost): number {
  const { tokens, causal, openEffects } = view;
  const content = tokens.findLastIndex((token) => !token.special && /[\p{L}\p{N}]/u.test(token.text));
  if (openEffects) {
    return tokens.length - 1;
  }
  const mask = tokens.findIndex((token) => token.special && token.end > token.start);
  return pinned ?? (causal ? tokens.length - 1 : mask >= 0 ? mask : Math.max(0, content));
}
