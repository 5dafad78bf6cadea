import { quote } from '../../../machinery/go-text.ts'
import { UsageError } from '../errors.ts'
import { groupVersionOf, type Resource } from './discovery.ts'

/** Finds resources by what users call them: client-go/restmapper with its shortcut and category expanders. */
export class Mapper {
  constructor(private readonly resources: readonly Resource[]) {}

  get all(): readonly Resource[] {
    return this.resources
  }

  /** Of `pods`, `po`, `Pod`, `deploy.apps`, `deployments.v1.apps`; throws in kubectl's words. */
  find(argument: string): Resource {
    const found = this.lookUp(argument)
    if (found) return found
    throw new UsageError(`the server doesn't have a resource type ${quote(nameIn(argument))}`)
  }

  lookUp(argument: string): Resource | undefined {
    const [name = '', ...rest] = argument.toLowerCase().split('.')
    if (rest.length === 0) return this.byName(name, () => true)
    const [version, ...groupAfterVersion] = rest
    const full = this.byName(name, r => r.version === version && r.group === groupAfterVersion.join('.'))
    if (full) return full
    const group = rest.join('.')
    return this.byName(name, r => r.group === group) ?? this.byName(name, r => r.group.startsWith(group))
  }

  private byName(name: string, isWanted: (resource: Resource) => boolean): Resource | undefined {
    const wanted = this.resources.filter(isWanted)
    const exact = (resource: Resource): boolean => resource.plural === name || resource.singular === name
    const byKind = (resource: Resource): boolean => resource.kind.toLowerCase() === name
    return pick(wanted, exact) ?? pick(wanted, ({ shortNames }) => shortNames.includes(name)) ?? pick(wanted, byKind)
  }

  /** The resources of a category such as `all`. */
  inCategory(category: string): readonly Resource[] {
    const name = category.toLowerCase()
    return this.resources.filter(resource => resource.preferred && resource.categories.includes(name))
  }

  /** The resource of an object's kind. */
  ofKind(apiVersion: string, kind: string): Resource | undefined {
    return this.resources.find(resource => {
      const { group, version } = resource
      return resource.kind === kind && groupVersionOf(group, version) === apiVersion && resource.singular !== ''
    })
  }

  /** The preferred version of a resource of a group. */
  ofGroup(group: string, plural: string): Resource {
    const found = this.resources.find(r => r.preferred && r.group === group && r.plural === plural)
    if (!found) throw new UsageError(`the server doesn't have a resource type ${quote(plural)}`)
    return found
  }
}

function pick(resources: readonly Resource[], isMatch: (resource: Resource) => boolean): Resource | undefined {
  const matching = resources.filter(isMatch)
  return matching.find(({ preferred }) => preferred) ?? matching[0]
}

function nameIn(argument: string): string {
  return argument.split('.')[0] ?? argument
}
