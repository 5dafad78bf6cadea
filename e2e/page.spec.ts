import { expect, test } from './podscape.ts'

test('the built page opens with nothing but its own files', async ({ page, baseURL }) => {
  const foreign: string[] = []
  page.on('request', request => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(baseURL ?? '')) foreign.push(request.url())
  })
  await page.goto('./')
  await expect(page).toHaveTitle(/Podscape/)
  await expect(page.locator('#root')).not.toBeEmpty()
  expect(foreign).toEqual([])
})
