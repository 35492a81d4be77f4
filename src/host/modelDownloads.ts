import * as vscode from 'vscode';
import type { DownloadProgress } from '../hub/downloadModel';
import type { ModelInfo } from '../hub/hub';
import { HubError } from '../hub/hubError';
import type { ModelId } from '../hub/modelId';
import { type DownloadPlan, totalOf } from '../hub/modelStore';
import { TransferRate } from '../hub/transferRate';
import { type Dtype, type Variant, variantsOf } from '../hub/variants';
import { isScopeError } from '../protocol/errors';
import { amountOf, durationOf } from './amounts';
import type { HubAccess } from './hubAccess';

interface VariantItem extends vscode.QuickPickItem {
  readonly variant: Variant;
}

/** Brings models from the hub: says what it costs, asks once, shows how far it is, and goes on after a pause. */
export class ModelDownloads implements vscode.Disposable {
  private readonly running = new Set<AbortController>();
  /** How far each download is, by the model's id. */
  private readonly told = new Map<string, { readonly controller: AbortController; message: string }>();
  private readonly emitter = new vscode.EventEmitter<'list' | 'progress'>();
  /** A download began or ended, for good or for now; or one of them came further. */
  readonly onDidChange = this.emitter.event;

  constructor(private readonly access: HubAccess) {}

  /** How far a download is that runs in this window, in words; undefined when it does not. */
  progressOf(id: string): string | undefined {
    return this.told.get(id)?.message;
  }

  /**
   * Asks which weights, and brings them.
   * @returns the model's folder; undefined when the person has stepped back, or paused
   * @throws {ScopeError} for everything that the hub, the network and the disk can say
   */
  async bring(asked: ModelId): Promise<string | undefined> {
    const plan = await this.cancellable(
      vscode.l10n.t('Asking {0} about {1}…', this.access.host, asked.id),
      async (signal) => {
        const model = await (await this.access.hub()).model(asked, signal);
        return { model, variants: readableVariants(model) };
      },
    );
    const variant = plan && (await this.askVariant(plan.model, plan.variants));
    return (
      plan &&
      variant &&
      this.run(plan.model.id, async (signal) => {
        const { planDownload } = await import('../hub/downloadModel');
        return planDownload(await this.access.hub(), plan.model, variant, signal);
      })
    );
  }

  /** Goes on with what was paused. */
  resume(plan: DownloadPlan): Promise<string | undefined> {
    return this.run(plan.id, () => Promise.resolve(plan));
  }

  /** Stops what is running, or one model's download; what has come stays. */
  pause(id?: string): void {
    if (id === undefined) {
      this.running.forEach((each) => each.abort());
    } else {
      this.told.get(id)?.controller.abort();
    }
  }

  dispose(): void {
    this.pause();
    this.emitter.dispose();
  }

  private async askVariant(model: ModelInfo, variants: readonly Variant[]): Promise<Variant | undefined> {
    const free = await this.access.store().freeBytes();
    const items = variants.map((variant): VariantItem => ({
      label: `$(cloud-download) ${variant.dtype}`,
      description: amountOf(variant.bytes),
      detail: describeDtype(variant.dtype),
      variant,
    }));
    const about = [model.id, model.license ?? vscode.l10n.t('licence not stated'), model.task];
    const room = free === undefined ? '' : ` · ${vscode.l10n.t('{0} free', amountOf(free))}`;
    const picked = await vscode.window.showQuickPick(items, {
      title: about.filter((part) => part !== undefined).join(' · '),
      placeHolder: vscode.l10n.t('Which weights to download from {0}?', this.access.host) + room,
      ignoreFocusOut: true,
    });
    return picked?.variant;
  }

  private run(
    id: string,
    makePlan: (signal: AbortSignal) => Promise<DownloadPlan>,
  ): Promise<string | undefined> {
    return this.cancellable(vscode.l10n.t('Downloading {0}', id), async (signal, report, controller) => {
      const mine = { controller, message: '' };
      this.told.set(id, mine);
      try {
        const plan = await makePlan(signal);
        const show = new ProgressText(totalOf(plan));
        const { downloadModel } = await import('../hub/downloadModel');
        return await downloadModel(await this.access.hub(), this.access.store(), plan, {
          signal,
          onProgress: (progress) => {
            const told = show.next(progress, performance.now());
            if (told) {
              report(told);
              const isFirst = mine.message === '';
              mine.message = told.message;
              this.emitter.fire(isFirst ? 'list' : 'progress');
            }
          },
        });
      } finally {
        if (this.told.get(id) === mine) {
          this.told.delete(id);
        }
        this.emitter.fire('list');
      }
    });
  }

  /** Cancelling is stepping back, or a pause: no failure. */
  private async cancellable<T>(
    title: string,
    task: (signal: AbortSignal, report: (told: Told) => void, controller: AbortController) => Promise<T>,
  ): Promise<T | undefined> {
    const controller = new AbortController();
    this.running.add(controller);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    try {
      return await vscode.window.withProgress(options, (progress, token) => {
        token.onCancellationRequested(() => controller.abort());
        return task(controller.signal, (told) => progress.report(told), controller);
      });
    } catch (error) {
      if (isScopeError(error, 'cancelled')) {
        return undefined;
      }
      throw error;
    } finally {
      this.running.delete(controller);
    }
  }
}

interface Told {
  readonly message: string;
  /** In percent, since the last time. */
  readonly increment: number;
}

/** Turns bytes into a line of text, a few times a second. */
class ProgressText {
  private readonly rate = new TransferRate();
  private lastTold = -Infinity;
  private percent = 0;
  private phase: DownloadProgress['phase'] | undefined;

  constructor(private readonly total: number) {}

  next({ phase, bytes }: DownloadProgress, time: number): Told | undefined {
    this.rate.add(time, bytes);
    if (phase === this.phase && time - this.lastTold < 250) {
      return undefined;
    }
    this.lastTold = time;
    this.phase = phase;
    const percent = this.total === 0 ? 100 : (bytes / this.total) * 100;
    const increment = Math.max(0, percent - this.percent);
    this.percent = Math.max(percent, this.percent);
    return { message: this.text(phase, bytes), increment };
  }

  private text(phase: DownloadProgress['phase'], bytes: number): string {
    if (phase === 'waiting') {
      return vscode.l10n.t('Another window is downloading this model…');
    }
    if (phase === 'verifying') {
      return vscode.l10n.t('Checking…');
    }
    const rate = this.rate.bytesPerSecond;
    const left = this.rate.secondsLeft(this.total);
    return [
      vscode.l10n.t('{0} of {1}', amountOf(bytes), amountOf(this.total)),
      rate !== undefined && vscode.l10n.t('{0}/s', amountOf(rate)),
      left !== undefined && vscode.l10n.t('{0} left', durationOf(left)),
      vscode.l10n.t('Cancel pauses'),
    ]
      .filter((part) => part !== false)
      .join(' · ');
  }
}

/** @throws {HubError} when there is nothing to run, or nothing to read a text with */
function readableVariants(model: ModelInfo): Variant[] {
  const variants = variantsOf(model.files);
  if (variants.length === 0) {
    throw new HubError('hubNoGraphs', model.id);
  }
  const paths = new Set(model.files.map(({ path }) => path));
  const reads = paths.has('tokenizer.json') || paths.has('preprocessor_config.json');
  if (!reads || !paths.has('config.json')) {
    throw new HubError(
      'modelIncomplete',
      `${model.id}: ${paths.has('config.json') ? 'tokenizer.json' : 'config.json'}`,
    );
  }
  return variants;
}

function describeDtype(dtype: Dtype): string {
  switch (dtype) {
    case 'q8':
    case 'int8':
    case 'uint8':
      return vscode.l10n.t(
        '8-bit integers: a quarter of the size and about twice as fast; attention differs a little',
      );
    case 'fp32':
      return vscode.l10n.t('Full precision: the weights as they were trained');
    case 'fp16':
      return vscode.l10n.t('16-bit floating point: half the size, nearly exact');
    default:
      return vscode.l10n.t('4 bits in the large layers: smallest in memory; attention differs more');
  }
}
