import type { ErrorData } from './errors';
import { RequestType } from './requestType';
import type { ModelSource } from './model';

/** Whose request it is, and to which model: a newer request of an owner replaces one that still waits. */
export interface ToModel {
  readonly model: ModelSource;
  readonly owner: string;
}

/** Makes the requests to a model that have `group/` before their names on the wire. */
export function modelRequests(
  group: string,
): <P, R>(method: string) => RequestType<P & ToModel, R, ErrorData> {
  return <P, R>(method: string) => new RequestType<P & ToModel, R, ErrorData>(`${group}/${method}`);
}
