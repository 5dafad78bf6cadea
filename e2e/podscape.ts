import { test as base, expect } from '@playwright/test'

/**
 * The `test` of every file here: a page that logs an error, throws, or breaks the content security policy fails the
 * test that opened it, whatever that test looks at.
 */
export const test = base.extend({
  page: async ({ page }, use) => {
    const errors: string[] = []
    page.on('console', message => {
      if (message.type() === 'error') errors.push(message.text())
    })
    page.on('pageerror', error => errors.push(String(error)))
    await use(page)
    expect(errors, 'errors of the page').toEqual([])
  },
})

export { expect }
