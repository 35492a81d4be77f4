import { type JudgeModel, type Scorer, type ScorerKind, scorerKinds } from '../protocol/prompts';
import { type Place, studyUnreadable } from './place';
import { patternProblem } from './scorers';

/**
 * A scorer as a file describes it: only what is stated is set.
 * @param usual the kind of scorer where none is stated
 */
export function readScorer(at: Place, usual: ScorerKind): Scorer {
  const scorer = at.fields();
  const pattern = scorer.field('pattern').text('');
  const problem = patternProblem(pattern);
  if (problem !== undefined) {
    throw studyUnreadable(problem);
  }
  const expression = scorer.field('expression').text('');
  return {
    kind: scorer.field('kind').oneOf(scorerKinds, usual),
    ...(pattern === '' ? {} : { pattern }),
    ...(scorer.has('threshold') ? { threshold: scorer.field('threshold').number(0, 1) } : {}),
    ...(scorer.has('calibration')
      ? { calibration: scorer.field('calibration').oneOf(['none', 'contextual', 'pmi'], 'none') }
      : {}),
    ...(scorer.has('judge') ? { judge: readJudge(scorer.field('judge').fields()) } : {}),
    ...(expression === '' ? {} : { expression }),
    ...(scorer.has('vote') ? { vote: scorer.field('vote').flag(false) } : {}),
  };
}

/** A bundled judge is named by its id alone. */
function readJudge(at: Place): JudgeModel {
  const model = at.field('model');
  return {
    model:
      typeof model.value === 'string'
        ? { id: model.value, folder: '' }
        : { id: model.field('id').text(), folder: model.field('folder').text('') },
    prompt: at.field('prompt').text(),
  };
}
