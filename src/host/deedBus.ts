import * as vscode from 'vscode';
import type { Deed } from '../learn/deeds';

/** Carries what a person did from where it happened to who takes note of it. */
export class DeedBus implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<Deed>();
  readonly onDeed = this.emitter.event;

  tell(deed: Deed): void {
    this.emitter.fire(deed);
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
