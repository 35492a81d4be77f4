import 'vscode-jsonrpc/browser';
import './immediate';
import { createRpc } from '../protocol/rpc';
import { answerTraining } from '../worker/trainService';
import { type StartTraining, portTransport } from './wire';

/** Entry of the worker that trains in the browser: maps messages onto the service, nothing else. */

self.onmessage = ({ data }: MessageEvent<StartTraining>) => {
  self.onmessage = null;
  const connection = createRpc(portTransport(data.wire));
  answerTraining(connection);
  connection.listen();
};
