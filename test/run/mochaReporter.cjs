// Mocha's command line wants a module that *is* a reporter, not one that exports it by name.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a .cjs file has nothing else
module.exports = require('./countingReporter.ts').CountingReporter;
