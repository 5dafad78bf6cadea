import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

function service(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {ports: [{port: 80}]}\n`
}

test('[J6] whoever does something in the past makes another history, is told so, and can take it back', async ({
  page,
}) => {
  const lab = new Lab(page)
  const [first, second, third] = ['one', 'two', 'three'].map(name => lab.item(`service/default/${name}`))
  if (!first || !second || !third) throw new Error('there are three')
  await lab.open()
  await lab.drop('one.yaml', service('one'))
  await expect(first).toBeVisible()
  await lab.pause()
  await lab.travel('PageUp')
  await lab.travel('PageUp')
  await lab.drop('two.yaml', service('two'))
  await expect(second).toBeVisible()

  await lab.travel('PageDown')
  await expect(second).toHaveCount(0)
  await expect(first).toBeVisible()
  await expect(page.getByText('1 later input is kept')).toBeVisible()
  await lab.travel('PageUp')
  await expect(second).toBeVisible()

  await lab.travel('PageDown')
  await lab.drop('three.yaml', service('three'))
  await expect(third).toBeVisible()
  await expect(page.getByText('History goes on from here. 1 later input is gone.')).toBeVisible()
  await lab.travel('PageUp')
  await lab.travel('PageUp')
  await expect(third).toBeVisible()
  await expect(second).toHaveCount(0)
  await lab.play()
  expect((await lab.run('kubectl get services -o name')).split('\n')).toEqual([
    'service/kubernetes',
    'service/one',
    'service/three',
  ])

  await page.getByRole('button', { name: 'Bring them back' }).click()
  await expect(page.getByText('1 later input is kept')).toBeVisible()
  await expect(third).toHaveCount(0)
  await lab.travel('End')
  await expect(second).toBeVisible()
})

test('[J6] a session saved as a file is opened again, from the disk or dropped on the graph', async ({
  page,
  browser,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.drop('one.yaml', service('one'))
  await expect(lab.item('service/default/one')).toBeVisible()
  await lab.pause()
  await page.getByRole('button', { name: 'Share' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download file' }).click()
  const saved = await (await downloading).path()

  const elsewhere = await browser.newContext()
  const other = new Lab(await elsewhere.newPage())
  await other.open()
  await other.page.getByRole('button', { name: /m-k8s/ }).first().click()
  await other.page.locator('input[type="file"]').setInputFiles(saved)
  await expect(other.item('service/default/one')).toBeVisible()
  await other.drop('lab.json', '{"format": 1, "topology": {}, "inputs": []}')
  await expect(other.page.getByText('file is not a session')).toBeVisible()
  await expect(other.item('service/default/one')).toBeVisible()
  await elsewhere.close()
})
