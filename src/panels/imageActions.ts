import * as vscode from 'vscode';
import { clipInUse } from '../host/clipInUse';
import type { DocumentLines } from '../host/documentLines';
import { commandIds } from '../host/ids';
import { exampleLabels, exampleTemplates } from '../host/imageExamples';
import { type PictureTargets, pickPictureFolder, pickPictures } from '../host/imageTargets';
import type { Models } from '../host/models';
import { pickPicture } from '../host/selectedPicture';
import { ScopeError } from '../protocol/errors';
import type { ImageAction, ImageTab } from '../protocol/imagePage';
import type { ImageTabs } from './imageTabs';

export interface ImageActionServices {
  readonly extensionUri: vscode.Uri;
  readonly models: Models;
  readonly language: 'en' | 'zh';
  documentLines(): DocumentLines | undefined;
  showAttention(picture: vscode.Uri): Promise<void>;
  classify(targets: PictureTargets): Promise<void>;
  search(folder: vscode.Uri): Promise<void>;
  /** Does the work of a tab anew and shows it. */
  run(tab: ImageTab): Promise<void>;
}

/** What the buttons of the page of pictures do. */
export class ImageActions {
  constructor(
    private readonly tabs: ImageTabs,
    private readonly services: ImageActionServices,
  ) {}

  /** What a picture's buttons do. */
  async use(uri: vscode.Uri, how: 'open' | 'attention' | 'captions'): Promise<void> {
    switch (how) {
      case 'open':
        await vscode.commands.executeCommand('vscode.open', uri, {
          viewColumn: vscode.ViewColumn.One,
          preview: true,
        });
        return;
      case 'attention':
        return this.services.showAttention(uri);
      case 'captions':
        this.tabs.captions.setPicture(uri);
        return this.services.run('captions');
      default:
        throw new ScopeError('badRequest', String(how));
    }
  }

  /** What the other buttons do. */
  async perform(action: ImageAction): Promise<void> {
    switch (action) {
      case 'openLog':
      case 'openSample':
      case 'chooseModel':
        await vscode.commands.executeCommand(commandIds[action]);
        return;
      case 'retry':
      case 'refreshFolder':
        return this.services.run(action === 'retry' ? this.tabs.tab : 'search');
      case 'openSamples':
        return this.openSamples();
      case 'exampleLabels': {
        const labels = exampleLabels(await this.modelId(), this.services.language) ?? [];
        await this.tabs.setPrompts(labels.join('\n'), this.tabs.labels.view.templates.join('\n'));
        return;
      }
      case 'exampleTemplates': {
        const templates = exampleTemplates(await this.modelId(), this.services.language);
        await this.tabs.setPrompts(this.tabs.labels.view.labels.join('\n'), templates.join('\n'));
        return;
      }
      case 'copyTable':
        await vscode.env.clipboard.writeText(this.tabs.labels.table());
        return;
      case 'pickPictures': {
        const uris = await pickPictures();
        return uris.length > 0 ? this.services.classify({ uris, numOffered: uris.length }) : undefined;
      }
      case 'pickPicture': {
        const uri = await pickPicture();
        return uri && this.use(uri, 'captions');
      }
      case 'pickFolder': {
        const folder = await pickPictureFolder();
        return folder && this.services.search(folder);
      }
      case 'useDocument': {
        const lines = this.services.documentLines();
        if (!lines) {
          throw new ScopeError('noEditor');
        }
        this.tabs.captions.setDocument(lines);
        return this.services.run('captions');
      }
      default:
        throw new ScopeError('badRequest', String(action));
    }
  }

  /** The pictures that come with the extension, with words that fit them, on the tab that is on show. */
  private async openSamples(): Promise<void> {
    const folder = vscode.Uri.joinPath(this.services.extensionUri, 'media', 'sample', 'images');
    const labels = exampleLabels('scope-clip', this.services.language) ?? [];
    const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
    const uris = names.map((name) => vscode.Uri.joinPath(folder, name));
    switch (this.tabs.tab) {
      case 'labels':
        return this.services.classify({ uris, numOffered: uris.length });
      case 'search':
        this.tabs.search.setFolder(folder, this.tabs.search.view.query || labels[1]);
        break;
      case 'captions':
        this.tabs.captions.setPicture(uris[0] as vscode.Uri);
        if (this.tabs.captions.lines.length === 0) {
          this.tabs.captions.setTyped(labels.join('\n'));
        }
    }
    await this.services.run(this.tabs.tab);
  }

  private async modelId(): Promise<string> {
    return (await clipInUse(this.services.models)).source.id;
  }
}
