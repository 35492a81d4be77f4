import type { ErrorData } from '../../src/protocol/errors';
import type { MessageConnection, RequestType } from '../../src/protocol/jsonrpc';
import { ask } from '../../src/protocol/rpc';
import type { TrainSettings } from '../../src/protocol/train';
import {
  AskTyped,
  ChangeSettings,
  ChangeSpeed,
  LookAtStep,
  Train,
  type TrainAction,
  type TrainSpeed,
} from '../../src/protocol/trainPage';
import type { Store } from './store';

/** What the page's controls do. */
export class Verbs {
  /** The step that was last asked for; answers to older wishes are dropped. */
  private wanted = -1;

  constructor(
    private readonly connection: MessageConnection,
    private readonly store: Store,
  ) {}

  do(action: TrainAction): void {
    if (action !== 'pause') {
      this.now();
    }
    void this.send(Train, { action });
  }

  /** Settings of one's own, unless they come from an experiment. */
  change(changed: Partial<TrainSettings>, preset: string | null = null): void {
    const settings = { ...this.store.shown.settings, ...changed };
    this.store.update({ settings, preset });
    void this.send(ChangeSettings, { settings, preset });
  }

  speed(speed: TrainSpeed): void {
    void this.send(ChangeSpeed, { speed });
  }

  /** @param question typed; null: another is drawn */
  async ask(question: string | null): Promise<void> {
    this.wanted = -1;
    const answer = await this.send(AskTyped, { question });
    if (answer && !answer.accepted) {
      this.store.isBadQuestion = true;
      this.store.changed();
    }
  }

  /** Shows what was there after an earlier step. */
  async lookAt(step: number): Promise<void> {
    this.wanted = step;
    const look = await this.send(LookAtStep, { step });
    if (look && this.wanted === step) {
      this.store.then = look;
      this.store.changed();
    }
  }

  /** Shows the newest again. */
  now(): void {
    this.wanted = -1;
    this.store.then = null;
    this.store.changed();
  }

  private async send<P, R>(type: RequestType<P, R, ErrorData>, params: P): Promise<R | undefined> {
    if (this.store.notice !== '') {
      this.store.say('');
    }
    try {
      return await ask(this.connection, type, params);
    } catch {
      // The host has told what it was.
      this.store.say(this.store.shown.strings.failed);
      return undefined;
    }
  }
}
