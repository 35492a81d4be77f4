// Mocha's command line wants a module that *is* a reporter, not one that exports it by name.
module.exports = require('./countingReporter.ts').CountingReporter;
