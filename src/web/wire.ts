import type { ErrorData } from '../protocol/errors';
import { RequestType } from '../protocol/requestType';
import type { Precision } from '../protocol/model';
import type { Transport } from '../protocol/rpc';

/** What passes between the extension and its workers in the browser, beside the requests of `src/protocol`. */

/** The first message, by which the worker begins. */
export interface Start {
  /** Requests and answers, as on the desktop between the host and its process. */
  readonly wire: MessagePort;
  /** {@link ReadModelFile} and {@link SizeOfModelFile}, asked by the worker. */
  readonly files: MessagePort;
  /** The runtime's WebAssembly. */
  readonly wasm: ArrayBuffer;
  readonly precision: Precision;
  /** Bytes of the graphs that stay loaded. */
  readonly maxBytes: number;
}

/** The first message to the worker that trains. */
export interface StartTraining {
  readonly wire: MessagePort;
}

/** A file of a model's folder. */
export interface ModelFile {
  /** As in `ModelSource`. */
  readonly folder: string;
  /** With `/` between its parts. */
  readonly name: string;
}

/** Null where there is no such file. */
export const SizeOfModelFile = new RequestType<ModelFile, number | null, ErrorData>('files/size');
export const ReadModelFile = new RequestType<ModelFile, { readonly bytes: Uint8Array } | null, ErrorData>(
  'files/read',
);

/** A file of `dist` that is needed rarely. */
export const ReadBuiltFile = new RequestType<
  { readonly name: string },
  { readonly bytes: Uint8Array },
  ErrorData
>('files/built');

/** One end of a channel of messages. */
export function portTransport(port: MessagePort): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      // Setting this starts delivery, of what came before, too.
      port.onmessage = ({ data }: MessageEvent) => listener(data);
      return {
        dispose: () => {
          port.onmessage = null;
        },
      };
    },
  };
}
