import Mocha from 'mocha';
import { writeCounts } from './counts';
import { testEnvironment } from './testEnvironment';

/** Mocha's usual output, and the counts in a file: they have to be added up over several processes. */
export class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env[testEnvironment.counts];
      if (file) {
        const { passes, failures, pending } = this.stats;
        writeCounts(file, { passed: passes, failed: failures, skipped: pending });
      }
    });
  }
}
