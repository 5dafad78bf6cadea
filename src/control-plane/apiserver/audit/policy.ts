import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import type { Parsed } from '../../../machinery/parsed.ts'
import { parseYamlText } from '../http/yaml-text.ts'

export const levels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const
export type Level = (typeof levels)[number]

export const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const
export type Stage = (typeof stages)[number]

/** A policy as the file says it: audit.k8s.io/v1 Policy. Plain data. */
export interface Policy {
  readonly rules: readonly Rule[]
  readonly omitStages: readonly Stage[]
  readonly omitManagedFields: boolean
}

export interface Rule {
  readonly level: Level
  readonly users: readonly string[]
  readonly userGroups: readonly string[]
  readonly verbs: readonly string[]
  readonly resources: readonly GroupResources[]
  readonly namespaces: readonly string[]
  readonly nonResourceURLs: readonly string[]
  readonly omitStages: readonly Stage[]
  readonly omitManagedFields?: boolean
}

interface GroupResources {
  readonly group: string
  readonly resources: readonly string[]
  readonly resourceNames: readonly string[]
}

/** Reads the text of a policy, or says what is wrong with it: audit/policy/reader.go and apis/audit/validation. */
export function readPolicy(text: string): Parsed<Policy> {
  const parsed = parseYamlText(text)
  if (parsed.error !== undefined) return { error: `failed decoding: ${parsed.error}` }
  const { value } = parsed
  if (!isObject(value)) return { error: 'failed decoding: the policy is no object' }
  const { apiVersion, kind } = value
  if (apiVersion !== 'audit.k8s.io/v1' || kind !== 'Policy') {
    const which = `${String(apiVersion ?? '')}, Kind=${String(kind ?? '')}`
    return { error: `failed decoding: no kind "${String(kind ?? '')}" is registered for version "${which}"` }
  }
  const rules = objectsIn(value.rules).map(ruleOf)
  if (rules.length === 0) return { error: 'loaded illegal policy with 0 rules' }
  const problems = [
    ...unknownStages(value.omitStages, 'omitStages'),
    ...objectsIn(value.rules).flatMap((rule, index) => problemsOf(rule, `rules[${index}]`)),
  ]
  const [problem] = problems
  if (problem !== undefined) return { error: problems.length > 1 ? `[${problems.join(', ')}]` : problem }
  return {
    value: { rules, omitStages: stagesIn(value.omitStages), omitManagedFields: value.omitManagedFields === true },
  }
}

function ruleOf(rule: JsonObject): Rule {
  const { omitManagedFields } = rule
  return {
    level: levels.find(level => level === rule.level) ?? 'None',
    users: textsIn(rule.users),
    userGroups: textsIn(rule.userGroups),
    verbs: textsIn(rule.verbs),
    resources: objectsIn(rule.resources).map(each => ({
      group: typeof each.group === 'string' ? each.group : '',
      resources: textsIn(each.resources),
      resourceNames: textsIn(each.resourceNames),
    })),
    namespaces: textsIn(rule.namespaces),
    nonResourceURLs: textsIn(rule.nonResourceURLs),
    omitStages: stagesIn(rule.omitStages),
    ...(typeof omitManagedFields === 'boolean' && { omitManagedFields }),
  }
}

function problemsOf(rule: JsonObject, path: string): string[] {
  const problems: string[] = []
  if (!levels.some(level => level === rule.level)) {
    const given = typeof rule.level === 'string' ? rule.level : ''
    problems.push(
      given === ''
        ? `${path}.level: Required value`
        : `${path}.level: Unsupported value: ${JSON.stringify(given)}: supported values: ${quoted(levels)}`,
    )
  }
  const isOfResources = textsIn(rule.namespaces).length > 0 || objectsIn(rule.resources).length > 0
  if (isOfResources && textsIn(rule.nonResourceURLs).length > 0) {
    const given = JSON.stringify(rule.nonResourceURLs)
    problems.push(
      `${path}.nonResourceURLs: Invalid value: ${given}: rules cannot apply to both regular resources and non-resource URLs`,
    )
  }
  return [...problems, ...unknownStages(rule.omitStages, `${path}.omitStages`)]
}

function unknownStages(value: unknown, path: string): string[] {
  return textsIn(value).flatMap((given, index) =>
    stages.some(stage => stage === given)
      ? []
      : [`${path}[${index}]: Invalid value: ${JSON.stringify(given)}: allowed stages are ${stages.join(',')}`],
  )
}

function quoted(words: readonly string[]): string {
  return words.map(word => JSON.stringify(word)).join(', ')
}

function textsIn(value: unknown): string[] {
  return isList(value) ? value.filter(each => typeof each === 'string') : []
}

function stagesIn(value: unknown): Stage[] {
  return stages.filter(stage => textsIn(value).includes(stage))
}

function objectsIn(value: unknown): JsonObject[] {
  return isList(value) ? value.filter(isObject) : []
}
