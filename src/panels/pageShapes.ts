import { ScopeError } from '../protocol/errors';
import type { Shape } from '../protocol/shape';
import { attentionShapes } from './attentionShapes';
import { compareShapes } from './compareShapes';
import { promptShapes } from './promptShapes';
import { sideShapes } from './sideShapes';

/** What every message of a page must look like, by method: what is not listed here is not answered. */
export const pageShapes: ReadonlyMap<string, Shape<unknown>> = new Map([
  ...attentionShapes,
  ...compareShapes,
  ...promptShapes,
  ...sideShapes,
]);

/** @throws {ScopeError} `badRequest` naming the place that does not fit */
export function readParams<P>(method: string, params: unknown): P {
  const shape = pageShapes.get(method);
  if (!shape) {
    throw new ScopeError('badRequest', method);
  }
  return shape(params, method) as P;
}
