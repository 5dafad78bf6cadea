import type {
  MatchCondition,
  Mutation,
  ValidatingAdmissionPolicySpec,
  Variable,
} from '../generated/admissionregistration.v1.ts'
import { type CelType, dynType, formatType, listOf, stringType, struct } from '../../machinery/cel/cel-type.ts'
import { compile, type Expression } from '../../machinery/cel/compile.ts'
import { type Environment, environmentWith } from '../../machinery/cel/environment.ts'
import { authorizerFunctions, authorizerType } from '../../machinery/cel/library/authorizer.ts'
import { type Shape, structsOf, typeOfShape } from '../../machinery/cel/shape.ts'
import { type FieldError, invalid, required } from '../../machinery/fieldpath.ts'

/** The expressions of admission policies: apiserver/pkg/admission/plugin/cel/compile.go and pkg/apis/admissionregistration/validation. */

export interface Named {
  readonly name: string
  readonly expression: Expression
}

/** What a validating policy is made of, compiled. Wrong expressions are left out, and are among the errors. */
export interface CompiledPolicy {
  readonly matchConditions: readonly Named[]
  readonly variables: readonly Named[]
  readonly validations: readonly CompiledValidation[]
  readonly auditAnnotations: readonly Named[]
  readonly errors: readonly FieldError[]
}

export interface CompiledValidation {
  readonly expression: Expression
  readonly messageExpression?: Expression
}

/** A mutating policy's, likewise. */
export interface CompiledMutations {
  readonly matchConditions: readonly Named[]
  readonly variables: readonly Named[]
  readonly mutations: readonly { readonly patchType: Mutation['patchType']; readonly expression: Expression }[]
  readonly errors: readonly FieldError[]
}

const text: Shape = { form: 'scalar', type: 'string' }

function objectShape(name: string, fields: Readonly<Record<string, Shape>>): Shape {
  return {
    form: 'object',
    name,
    fields: new Map(Object.entries(fields).map(([key, shape]) => [key, { name: key, shape }])),
  }
}

const kindShape = objectShape('kubernetes.GroupVersionKind', { group: text, version: text, kind: text })
const resourceShape = objectShape('kubernetes.GroupVersionResource', { group: text, version: text, resource: text })
const userShape = objectShape('kubernetes.UserInfo', {
  username: text,
  uid: text,
  groups: { form: 'list', items: text },
  extra: { form: 'map', values: { form: 'list', items: text } },
})

/** The variable `request`: AdmissionRequest without its objects. */
export const requestShape = objectShape('kubernetes.AdmissionRequest', {
  kind: kindShape,
  resource: resourceShape,
  subResource: text,
  requestKind: kindShape,
  requestResource: resourceShape,
  requestSubResource: text,
  name: text,
  namespace: text,
  operation: text,
  userInfo: userShape,
  dryRun: { form: 'scalar', type: 'bool' },
  options: { form: 'scalar', type: 'dyn' },
})

/** The type of the variable `variables`; its fields are those of the policy. */
export const variablesType = struct('kubernetes.variables')

const baseVariables: Readonly<Record<string, CelType>> = {
  object: dynType,
  oldObject: dynType,
  request: typeOfShape(requestShape),
  namespaceObject: dynType,
  authorizer: authorizerType,
  'authorizer.requestResource': dynType,
}

/** Environments grow with the variables of a policy: each sees those before it. */
class Compiler {
  readonly errors: FieldError[] = []
  private readonly fields = new Map<string, CelType>()
  private readonly structs: ReadonlyMap<string, ReadonlyMap<string, CelType>>
  private environment: Environment

  constructor(
    private readonly hasParams: boolean,
    mutates: boolean,
  ) {
    this.structs = mutates ? new PatchStructs(structsOf(requestShape)) : structsOf(requestShape)
    this.environment = this.grown()
  }

  conditions(given: readonly MatchCondition[] = []): Named[] {
    // Conditions are looked at before variables are there.
    return this.all(given, 'spec.matchConditions', 'expression', ({ expression }) => expression, ['bool'])
  }

  variables(given: readonly Variable[] = []): Named[] {
    const made: Named[] = []
    for (const [index, { name, expression: source }] of given.entries()) {
      const path = `spec.variables[${index}]`
      if (!name) this.errors.push(required(`${path}.name`, 'name is not specified'))
      const expression = this.compile(`${path}.expression`, source, undefined)
      if (!expression) continue
      made.push({ name, expression })
      this.fields.set(name, expression.type)
      this.environment = this.grown()
    }
    return made
  }

  all<T extends { readonly name?: string; readonly key?: string }>(
    given: readonly T[],
    path: string,
    field: string,
    source: (one: T) => string,
    types: readonly string[],
  ): Named[] {
    return given.flatMap((one, index) => {
      const expression = this.compile(`${path}[${index}].${field}`, source(one), types)
      return expression ? { name: one.name ?? one.key ?? '', expression } : []
    })
  }

  /** Compiles one expression, which has to be of one of the types named. */
  compile(path: string, source: string | undefined, types: readonly string[] | undefined): Expression | undefined {
    if (!source?.trim()) {
      this.errors.push(required(path, `${path.slice(path.lastIndexOf('.') + 1)} is not specified`))
      return undefined
    }
    const { expression, error } = compile(source, this.environment)
    if (!expression) {
      this.errors.push(invalid(path, source, `compilation failed: ${error}`))
      return undefined
    }
    const type = formatType(expression.type)
    if (!types || types.includes(type)) return expression
    const wanted =
      types.length === 1 ? `must evaluate to ${types[0] ?? ''}` : `must evaluate to one of [${types.join(' ')}]`
    this.errors.push(invalid(path, source, `${wanted} but got ${type}`))
    return undefined
  }

  private grown(): Environment {
    const variables = {
      ...baseVariables,
      ...(this.hasParams && { params: dynType }),
      variables: variablesType,
    }
    const structs = this.structs instanceof PatchStructs ? new PatchStructs(this.structs) : new Map(this.structs)
    structs.set(variablesType.name, this.fields)
    return environmentWith({ variables, structs, functions: authorizerFunctions })
  }
}

/** A struct whose fields are anything. */
class AnyFields extends Map<string, CelType> {
  override get(): CelType {
    return dynType
  }
}

const anyFields = new AnyFields()
const operationFields = new Map<string, CelType>([
  ['op', stringType],
  ['path', stringType],
  ['from', stringType],
  ['value', dynType],
])

/** What mutations make: `Object{spec: Object.spec{…}}` and `JSONPatch{…}`: admission/plugin/cel/mutation/dynamic. */
class PatchStructs extends Map<string, ReadonlyMap<string, CelType>> {
  override has(name: string): boolean {
    return this.get(name) !== undefined
  }

  override get(name: string): ReadonlyMap<string, CelType> | undefined {
    if (name === 'JSONPatch') return operationFields
    return /^Object(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/.test(name) ? anyFields : super.get(name)
  }
}

const compiled = new WeakMap<object, CompiledPolicy>()
const mutations = new WeakMap<object, CompiledMutations>()

/** Compiles a policy's expressions, once for each state of its spec. */
export function compilePolicy(spec: ValidatingAdmissionPolicySpec): CompiledPolicy {
  const known = compiled.get(spec)
  if (known) return known
  const compiler = new Compiler(spec.paramKind !== undefined, false)
  const matchConditions = compiler.conditions(spec.matchConditions)
  const variables = compiler.variables(spec.variables)
  const validations = (spec.validations ?? []).flatMap(({ expression: source, messageExpression: message }, index) => {
    const path = `spec.validations[${index}]`
    const expression = compiler.compile(`${path}.expression`, source, ['bool'])
    const messageExpression = message && compiler.compile(`${path}.messageExpression`, message, ['string'])
    return expression ? { expression, ...(messageExpression && { messageExpression }) } : []
  })
  const auditAnnotations = compiler.all(
    spec.auditAnnotations ?? [],
    'spec.auditAnnotations',
    'valueExpression',
    ({ valueExpression }) => valueExpression,
    ['string', 'null_type'],
  )
  const policy = { matchConditions, variables, validations, auditAnnotations, errors: compiler.errors }
  compiled.set(spec, policy)
  return policy
}

interface MutatingSpec {
  readonly matchConditions?: readonly MatchCondition[]
  readonly mutations?: readonly Mutation[]
  readonly paramKind?: unknown
  readonly variables?: readonly Variable[]
}

/** Compiles a mutating policy's expressions, likewise. */
export function compileMutations(spec: MutatingSpec): CompiledMutations {
  const known = mutations.get(spec)
  if (known) return known
  const compiler = new Compiler(spec.paramKind !== undefined, true)
  const matchConditions = compiler.conditions(spec.matchConditions)
  const variables = compiler.variables(spec.variables)
  const changes = (spec.mutations ?? []).flatMap(({ patchType, applyConfiguration, jsonPatch }, index) => {
    const path = `spec.mutations[${index}]`
    const isPatch = patchType === 'JSONPatch'
    const source = (isPatch ? jsonPatch : applyConfiguration)?.expression
    const types = isPatch ? [formatType(listOf(struct('JSONPatch')))] : ['Object']
    const expression = compiler.compile(
      `${path}.${isPatch ? 'jsonPatch' : 'applyConfiguration'}.expression`,
      source,
      types,
    )
    return expression ? { patchType, expression } : []
  })
  const policy = { matchConditions, variables, mutations: changes, errors: compiler.errors }
  mutations.set(spec, policy)
  return policy
}
