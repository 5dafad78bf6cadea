import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

test.describe.configure({ timeout: 90_000 })

test('[J3] the page speaks Korean and English and remembers which', async ({ page }) => {
  await page.goto('./')
  await page.getByRole('button', { name: '한국어' }).click()
  await expect(page.getByRole('button', { name: '적용', exact: true })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko')
  await page.reload()
  await expect(page.getByRole('button', { name: '적용', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('button', { name: 'Apply', exact: true })).toBeVisible()
})

test('[J3] the page follows the system into the dark, and a choice wins over the system', async ({ page }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto('./')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  const dark = await ground()
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitemradio', { name: 'Light' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  expect(await ground()).not.toBe(dark)
})

test('[J3] [J7] the keyboard alone applies, looks, stops time and switches a machine off', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 30_000 })
  await page.locator('body').press('Space')
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible()
  await page.locator('body').press('Space')
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await page.locator('body').press('e')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('deployment.apps/echo-hname created')).toBeVisible()
  await lab.item('machine/w3-k8s').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'Inspector' })).toHaveAttribute('aria-selected', 'true')
  await lab.item('machine/w3-k8s').focus()
  await page.keyboard.press('Shift+F10')
  await expect(page.getByRole('menuitem', { name: 'Switch the machine off' })).toBeVisible()
  await page.keyboard.type('Sw')
  await page.keyboard.press('Enter')
  await expect(lab.item('machine/w3-k8s')).toHaveAttribute('aria-label', /Off/)
})
