import * as vscode from 'vscode';
import type { ScopeError } from '../protocol/errors';
import type { PageAction } from '../protocol/attentionPage';

/** A failure as a person is told it: one sentence, an optional technical detail, one thing to do. */
export interface ErrorText {
  readonly message: string;
  readonly detail?: string;
  readonly action: PageAction;
}

/** Translates a failure. Callers leave out `cancelled`: nobody needs to be told what they did themselves. */
export function errorText(error: ScopeError): ErrorText {
  const { message, action } = sentence(error);
  return error.detail === undefined ? { message, action } : { message, detail: error.detail, action };
}

function sentence(error: ScopeError): { message: string; action: PageAction } {
  const { t } = vscode.l10n;
  switch (error.code) {
    case 'noEditor':
      return { message: t('Open a text file and select something in it first.'), action: 'openSample' };
    case 'emptyText':
      return {
        message: t('There is no text here. Select some words and run the command again.'),
        action: 'openSample',
      };
    case 'binaryText':
      return { message: t('This looks like a binary file, not text.'), action: 'openSample' };
    case 'pictureUnreadable':
      return { message: t('This picture could not be read.'), action: 'openLog' };
    case 'modelMissing':
      return { message: t('The model’s files were not found.'), action: 'chooseModel' };
    case 'modelCorrupt':
      return {
        message: t('The model could not be read; its file may be damaged or incomplete.'),
        action: 'chooseModel',
      };
    case 'modelUnsupported':
      return { message: t('This model cannot be inspected yet.'), action: 'chooseModel' };
    case 'tokenizerFailed':
      return { message: t('The model’s tokenizer could not be read.'), action: 'chooseModel' };
    case 'inferenceFailed':
      return { message: t('The model failed while computing.'), action: 'retry' };
    case 'outOfMemory':
      return { message: t('Out of memory. Try a shorter text or a smaller model.'), action: 'retry' };
    case 'workerDied':
      return {
        message: t('The inference process ended unexpectedly. The next attempt starts a new one.'),
        action: 'retry',
      };
    case 'workerUnavailable':
      return { message: t('The inference process could not be started.'), action: 'openLog' };
    case 'runExpired':
      return { message: t('This result is no longer in memory.'), action: 'retry' };
    case 'headMissing':
      return {
        message: t('This model has no output for that. Choose another model, or set one for this task.'),
        action: 'chooseModel',
      };
    case 'needsTwoTexts':
      return {
        message: t('Select two texts, or a paragraph of at least two sentences.'),
        action: 'openSample',
      };
    case 'needsTwoSelections':
      return { message: t('Select one text or two.'), action: 'openSample' };
    case 'tooManyTexts':
      return {
        message: t('Too many selections at once. Select at most {0}.', error.detail ?? ''),
        action: 'openSample',
      };
    case 'lengthsDiffer':
      return {
        message: t('The two texts must have the same number of tokens ({0}).', error.detail ?? ''),
        action: 'retry',
      };
    case 'selectionTooLong':
      return {
        message: t('Select one word, or write [MASK] where words are missing.'),
        action: 'openSample',
      };
    case 'emptyClipboard':
      return { message: t('There is no text on the clipboard.'), action: 'retry' };
    case 'textChanged':
      return { message: t('The text has changed in the meantime. Run the command again.'), action: 'retry' };
    case 'readOnlyText':
      return {
        message: t('This text cannot be edited. Copy it into a file of your own first.'),
        action: 'openLog',
      };
    case 'tooShort':
      return {
        message: t('The first token has nothing before it to predict it from. Select more text.'),
        action: 'openSample',
      };
    case 'ghostTextOff':
      return {
        message: t(
          'Ghost text is turned off. Turn on the setting “Editor › Inline Suggest: Enabled” and run the command again.',
        ),
        action: 'retry',
      };
    case 'writeFailed':
      return { message: t('The file could not be written.'), action: 'openLog' };
    case 'studyUnreadable':
      return { message: t('This is not a prompt study that can be read.'), action: 'openLog' };
    case 'modelElsewhere':
      return {
        message: t('Only a model on this computer can be inspected; this one runs elsewhere.'),
        action: 'openLog',
      };
    case 'serverUnset':
      return {
        message: t('The settings have no model server with this name. Add it with “Add Model Server…”.'),
        action: 'openLog',
      };
    case 'serverUnsafe':
      return {
        message: t(
          'The key was not sent: the server’s address is not encrypted (http). Use an https address.',
        ),
        action: 'openLog',
      };
    case 'serverUnreachable':
      return {
        message: t(
          'The model server could not be reached. Check that it is running and that its address is right.',
        ),
        action: 'retry',
      };
    case 'serverSilent':
      return {
        message: t('The model server did not answer in time.'),
        action: 'retry',
      };
    case 'serverKey':
      return {
        message: t('The model server does not accept the key. Set it with “Set Key for Model Server…”.'),
        action: 'openLog',
      };
    case 'serverBusy':
      return {
        message: t('The model server is busy or failing, even after several attempts.'),
        action: 'retry',
      };
    case 'serverRefused':
      return {
        message: t('The model server refused this request.'),
        action: 'openLog',
      };
    case 'serverAnswer':
      return {
        message: t(
          'The server’s answer does not follow OpenAI’s protocol. Its address usually has to end in /v1.',
        ),
        action: 'openLog',
      };
    case 'editorModelGone':
      return {
        message: t(
          'The editor no longer offers this model. Chat extensions such as GitHub Copilot provide models.',
        ),
        action: 'openLog',
      };
    case 'editorModelRefused':
      return {
        message: t(
          'The editor’s model did not answer: consent is missing, a quota is used up, or its filter refused.',
        ),
        action: 'openLog',
      };
    case 'badModelId':
      return {
        message: t('This is not a model name. Enter it as owner/name, or paste the address of its page.'),
        action: 'chooseModel',
      };
    case 'modelIncomplete':
      return {
        message: t('This model is incomplete. Add the missing files, or choose another.'),
        action: 'chooseModel',
      };
    case 'hubOffline':
      return {
        message: t(
          'The connection to the hub failed. Check the network, the proxy (setting http.proxy) and the setting “Hub Endpoint”; what has been downloaded is kept.',
        ),
        action: 'chooseModel',
      };
    case 'hubNeedsToken':
      return {
        message: t(
          'The hub does not give access to this model. Check its name; if it is private, set a token that may read it.',
        ),
        action: 'chooseModel',
      };
    case 'hubGated':
      return {
        message: t(
          'You have to accept this model’s terms first. Accept them on its page, then set your token.',
        ),
        action: 'chooseModel',
      };
    case 'hubNotFound':
      return {
        message: t('The hub does not have this model or file. Check the name, or search the hub.'),
        action: 'chooseModel',
      };
    case 'hubBusy':
      return {
        message: t('The hub is limiting requests. Try again later; a token raises the limit.'),
        action: 'chooseModel',
      };
    case 'hubFailed':
      return {
        message: t('The hub could not answer. Try again later; what has been downloaded is kept.'),
        action: 'chooseModel',
      };
    case 'hubPretender':
      return {
        message: t(
          'Something other than the model was received. Sign in to the network if it asks you to, and check the setting “Hub Endpoint”.',
        ),
        action: 'chooseModel',
      };
    case 'hubWrongContent':
      return {
        message: t(
          'A downloaded file was not the one that the hub lists, and was deleted. Try again; if this happens again, do not trust this address.',
        ),
        action: 'chooseModel',
      };
    case 'hubNoGraphs':
      return {
        message: t(
          'This repository has no ONNX files that can be read. Search the hub for the same name: onnx-community and Xenova convert many models.',
        ),
        action: 'chooseModel',
      };
    case 'diskFull':
      return {
        message: t(
          'The disk is full; what had been downloaded was removed. Free some space, or choose another disk in the setting “Download Folder”.',
        ),
        action: 'chooseModel',
      };
    case 'desktopOnly':
      return {
        message: t(
          'This works only in VS Code on the desktop: in the browser there are no processes, model folders or downloads.',
        ),
        action: 'chooseModel',
      };
    case 'cancelled':
      return { message: t('Stopped.'), action: 'retry' };
    case 'expressionFailed':
      return {
        message: t('The JavaScript expression that judges answers failed.'),
        action: 'openLog',
      };
    case 'expressionRefused':
      return {
        message: t(
          'This study judges answers by a JavaScript expression, which runs only in a workspace that you trust. Trust it (“Workspaces: Manage Workspace Trust”), or choose another way to judge.',
        ),
        action: 'retry',
      };
    case 'badRequest':
    case 'internal':
      return { message: t('Something went wrong inside Transformer Scope.'), action: 'openLog' };
  }
}
