/**
 * How messages are described, apart from what sends them: the build takes only this part of the library for it, so that
 * an extension that has nothing to send yet loads no more.
 */
export { NotificationType, RequestType } from 'vscode-jsonrpc';
