import { continuing } from '../compare/measureUses';
import { writeComparisonReport } from '../compare/report';
import { setting } from '../host/settings';
import { modelHash } from '../study/modelHash';
import type { ScalingCurve } from '../protocol/comparePage';
import { ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import type { CompareSession } from './compareSession';
import { comparedText } from './compareStates';

/**
 * The report of a comparison as it stands now; parts that are not measured are named as such.
 * @throws {ScopeError} `badRequest` before there is a text
 */
export async function comparisonReportOf(
  session: CompareSession | undefined,
  notes: string,
  scaling: ScalingCurve | null,
  format: 'md' | 'html',
  language: 'en' | 'zh',
): Promise<string> {
  const compared = comparedText(session?.request);
  if (!session || !compared) {
    throw new ScopeError('badRequest', 'nothing to report');
  }
  const precision = setting('precision');
  const hash = async ({ folder }: ModelSource): Promise<string> =>
    (await modelHash(folder, precision)) ?? '–';
  const { left, right } = compared.models;
  return writeComparisonReport(
    {
      compared,
      parts: session.parts,
      notes,
      hashes: { left: await hash(left), right: await hash(right) },
      settings: {
        precision,
        runtime: setting('runtime'),
        maskingSeed: session.maskingSeed,
        replacingSeed: session.replacingSeed,
        ...continuing,
      },
      scaling,
      date: new Date().toISOString(),
    },
    format,
    language,
  );
}
