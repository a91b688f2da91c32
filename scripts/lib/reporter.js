'use strict';
/** Mocha's spec reporter, closed by the line `N passed, N failed, N skipped`. Failed checks count as failures. */
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const checks = Number(process.env.OXTENDER_FAILED_CHECKS ?? 0);
    process.stdout.write(`${passes} passed, ${failures + checks} failed, ${pending} skipped\n`);
  }
};
