// A vitest reporter for machines: one closing line with the counts, and every skipped test by name with its reason.
export default class SummaryReporter {
  onTestRunEnd(modules, errors) {
    const count = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') count.passed++
        else if (result.state === 'failed') count.failed++
        else {
          count.skipped++
          console.log(`SKIPPED ${module.relativeModuleId ?? module.moduleId}: ${test.fullName}${result.note ? ` (${result.note})` : ''}`)
        }
      }
      // A hook that failed leaves its tests unrun: that is a failure, not a skip.
      count.failed += module.errors().length
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  }
}
