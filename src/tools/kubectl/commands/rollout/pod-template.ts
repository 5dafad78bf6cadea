import { Page } from '../../describe/page.ts'
import { writePodTemplate } from '../../describe/pod-template.ts'

/** A Pod template as `rollout history --revision` shows it: describe's lines, whose tabs nobody aligns there. */
export function podTemplateText(template: unknown): string {
  const page = new Page()
  writePodTemplate(page, template)
  return page.raw()
}
