import { formatLabels } from '../../../machinery/labels.ts'
import { at, mapAt, numberAt } from '../unstructured.ts'
import { type Describer, writeEvents, writeMarks, writeName } from './sections.ts'
import { selectorText, writePodTemplate } from './pod-template.ts'
import { podCounts, podsOf } from './workload-pods.ts'

export const describeDaemonSet: Describer = (page, set, describing) => {
  const { spec, status } = set
  const selector = selectorText(at(spec, 'selector'))
  writeName(page, set)
  page.line(0, `Selector:\t${selector}`)
  page.line(0, `Node-Selector:\t${formatLabels(mapAt(spec, 'template', 'spec', 'nodeSelector'))}`)
  writeMarks(page, set)
  for (const [title, name] of [
    ['Desired Number of Nodes Scheduled', 'desiredNumberScheduled'],
    ['Current Number of Nodes Scheduled', 'currentNumberScheduled'],
    ['Number of Nodes Scheduled with Up-to-date Pods', 'updatedNumberScheduled'],
    ['Number of Nodes Scheduled with Available Pods', 'numberAvailable'],
    ['Number of Nodes Misscheduled', 'numberMisscheduled'],
  ] as const) {
    page.line(0, `${title}: ${numberAt(status, name)}`)
  }
  page.line(0, `Pods Status:\t${podCounts(podsOf(set, selector, describing))}`)
  writePodTemplate(page, at(spec, 'template'))
  writeEvents(page, set, describing)
}
