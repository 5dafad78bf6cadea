import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

test('[A14] a message on its way is pressed, and says who asked whom for what, and how it was judged', async ({
  page,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.pause()
  await lab.drop(
    'pod.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}',
  )
  // While time stands still messages wait half-way, and are buttons.
  const creation = page.getByRole('button', { name: 'create pods/web' })
  await expect(creation).toBeVisible()
  const box = await creation.boundingBox()
  if (!box) throw new Error('the message has no place')
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  const panel = page.getByRole('article')
  await expect(panel.getByRole('heading', { name: 'create pods/web' })).toBeVisible()
  for (const [name, value] of [
    ['From', 'workstation'],
    ['To', 'kube-apiserver'],
    ['Verb', 'create'],
    ['Object', 'default/pods/web'],
    ['User', 'kubernetes-admin'],
    ['Verdict', '201'],
  ] as const) {
    await expect(panel.locator('dl > div', { has: page.getByText(name, { exact: true }) })).toContainText(value)
  }
  await expect(panel.getByRole('listitem').filter({ hasText: 'authorization' })).toContainText('RBAC')
  await panel.getByRole('button', { name: 'kube-apiserver' }).click()
  await expect(page.getByRole('heading', { name: 'kube-apiserver', level: 2 })).toBeVisible()
})

test('[A14] [J7] the keyboard alone finds a message in the trace and reads it, hop by hop', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.run('curl -s http://192.168.1.101:30100/')
  await lab.pause()
  await page.getByRole('tab', { name: 'Trace' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('searchbox', { name: 'Filter' }).nth(1).fill('nginx-ingress-controller:http')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await expect(page.getByRole('checkbox', { name: 'Messages only' })).toBeChecked()
  await expect(page.getByRole('button', { name: /hop.*nginx-ingress-controller:http/ }).first()).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The whole way')).toBeVisible()
  await expect(page.getByText('GET http://192.168.1.101:30100/')).toBeVisible()
  await expect(page.locator('dl > div', { has: page.getByText('Rule', { exact: true }) })).toContainText(
    'ingress-nginx/nginx-ingress-controller:http -> 172.16.',
  )
})

test('[J1] while the graph is dragged nothing in it is rendered anew', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.pause()
  const graph = page.locator('.react-flow')
  const box = await graph.boundingBox()
  if (!box) throw new Error('there is no graph')
  await graph.evaluate(element => {
    const seen: string[] = []
    // The viewport's own style is what moves the picture, and the map shows where one is.
    const observer = new MutationObserver(changes => {
      for (const { target, type } of changes) {
        const place = target instanceof Element ? target : target.parentElement
        if (place?.closest('.react-flow__nodes')) seen.push(`${type} ${place.className}`)
      }
      element.setAttribute('data-mutations', JSON.stringify(seen))
    })
    observer.observe(element, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ['style', 'class', 'transform'],
    })
  })
  const before = await page.locator('.react-flow__viewport').getAttribute('style')
  await page.mouse.move(box.x + 12, box.y + box.height / 2)
  await page.mouse.down()
  for (let step = 1; step <= 20; step++) await page.mouse.move(box.x + 12 + step * 6, box.y + box.height / 2 + step * 2)
  await expect(page.locator('.react-flow__viewport')).toHaveCSS('will-change', 'transform')
  await page.mouse.up()
  expect(await page.locator('.react-flow__viewport').getAttribute('style')).not.toBe(before)
  await expect(graph).toHaveAttribute('data-mutations', '[]')
})
