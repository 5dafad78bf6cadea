import { defineKind } from '../../machinery/kind.ts'
import { type FieldError } from '../../machinery/fieldpath.ts'
import { formatLabels } from '../../machinery/labels.ts'
import type { PodTemplate as Model, PodTemplateSpec } from '../generated/core.v1.ts'
import { nameColumn } from '../meta/columns.ts'
import { defaultPodTemplate } from './podspec/defaults.ts'
import { checkPodTemplate } from './podspec/spec.ts'
import { templateWarnings } from './podwarnings.ts'

export type { PodTemplateSpec }
export { checkPodTemplate, defaultPodTemplate }
export type PodTemplate = Model

/** A template on its own, which nothing in the cluster uses. Strategy: pkg/registry/core/podtemplate/strategy.go. */
export const PodTemplate = defineKind<PodTemplate>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
  countsGenerations: true,

  defaults(draft) {
    draft.template = defaultPodTemplate(draft.template)
  },

  validate({ template }) {
    const errors: FieldError[] = []
    if (template) checkPodTemplate(errors, 'template', template)
    return errors
  },

  warnings: ({ template }) => (template ? templateWarnings('template', template) : []),

  columns: [
    nameColumn,
    { name: 'Containers', cell: ({ template }) => containerNames(template) },
    { name: 'Images', cell: ({ template }) => containerImages(template) },
    { name: 'Pod Labels', cell: ({ template }) => formatLabels(template?.metadata.labels) },
  ],
})

/** The names of a template's containers: `web,log`. */
export function containerNames(template: PodTemplateSpec | undefined): string {
  return template?.spec.containers.map(({ name }) => name).join(',') ?? ''
}

/** Their images: `nginx:1.27,fluentd:2`. */
export function containerImages(template: PodTemplateSpec | undefined): string {
  return template?.spec.containers.map(({ image }) => image ?? '').join(',') ?? ''
}
