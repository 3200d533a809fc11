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
      if (module.state() === 'failed' && module.errors().length > 0) count.failed++
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  }
}
