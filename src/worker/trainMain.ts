import 'vscode-jsonrpc/node';
import { constants, setPriority } from 'node:os';
import { createRpc } from '../protocol/rpc';
import { processTransport } from './processTransport';
import { answerTraining } from './trainService';

/** Entry of the process that trains: maps messages onto the service, nothing else. */

try {
  // It computes without end, so whatever else wants the cores comes first: the editor, and models that are looked into.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Some systems forbid it; then it is one process among others.
}
const connection = createRpc(processTransport());
answerTraining(connection);
connection.listen();

// The host is gone: nobody would ever stop this process.
process.on('disconnect', () => process.exit(0));
