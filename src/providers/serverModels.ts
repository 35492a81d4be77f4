import type { Endpoint } from './endpoint';
import { ServerFailure } from './serverFailure';
import { type ServerCall, callServer, readJson } from './serverRequest';

/** More than a person reads through; a hub of models lists thousands. */
const mostModels = 5000;

/**
 * The names of a server's models, sorted.
 * @throws {ScopeError} `serverAnswer` when the server does not list any
 */
export async function listServerModels(
  endpoint: Endpoint,
  link: Pick<ServerCall, 'fetch' | 'key' | 'signal'>,
): Promise<string[]> {
  const { host } = new URL(endpoint.url);
  const answer = await readJson(await callServer({ ...link, endpoint, path: '/models' }), host);
  const listed =
    typeof answer === 'object' && answer !== null ? (answer as { data?: unknown }).data : undefined;
  if (!Array.isArray(listed)) {
    throw new ServerFailure('serverAnswer', `${host}: no list of models`, false);
  }
  const names = (listed as unknown[]).flatMap((each) => {
    const id = typeof each === 'object' && each !== null ? (each as { id?: unknown }).id : undefined;
    return typeof id === 'string' && id !== '' && id.length <= 300 ? [id] : [];
  });
  return [...new Set(names)].sort((a, b) => a.localeCompare(b, 'en')).slice(0, mostModels);
}
