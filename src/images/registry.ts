import type { Image, ImageRegistry, PullResult } from '../node/runtime/image.ts'
import { type ImageReference, parseReference } from '../node/runtime/reference.ts'
import { genericImage } from './generic.ts'

/** The registries of the world: images that we know, and something sensible for every other name. */
export function imageRegistry(known: readonly Image[]): ImageRegistry {
  const byRepository = new Map<string, Image>()
  for (const image of known) {
    if (byRepository.has(image.repository)) throw new Error(`image ${image.repository} is there twice`)
    byRepository.set(image.repository, image)
  }
  return {
    pull(reference): PullResult {
      const parsed = parseReference(reference)
      if (!parsed.ok) {
        const why = `failed to parse image reference "${reference}": ${parsed.error}`
        return { found: false, error: `rpc error: code = InvalidArgument desc = ${why}` }
      }
      return resolve(parsed.reference, byRepository)
    },
  }
}

function resolve(reference: ImageReference, known: ReadonlyMap<string, Image>): PullResult {
  const { repository, tag, digest } = reference
  const image = known.get(repository) ?? (isUnofficial(repository) ? genericImage(repository) : undefined)
  if (!image) return { found: false, error: accessDenied(reference) }
  if (digest !== undefined) return { found: true, image, tag: tag ?? '', digest }
  if (tag === undefined || !image.hasTag(tag)) return { found: false, error: notFound(reference) }
  return { found: true, image, tag, digest: `sha256:${digestOf(`${repository}:${tag}`)}` }
}

/**
 * Docker's own images are a closed list: a name without an owner that is not among them exists nowhere. Others could be
 * anybody's.
 */
function isUnofficial(repository: string): boolean {
  const library = 'docker.io/library/'
  return !repository.startsWith(library) || officialImages.has(repository.slice(library.length))
}

const officialImages = new Set(
  (
    'alpine amazoncorretto archlinux bash busybox caddy cassandra centos clojure couchbase couchdb debian docker ' +
    'drupal eclipse-mosquitto eclipse-temurin elasticsearch elixir erlang fedora flink fluentd gcc ghost golang gradle ' +
    'groovy haproxy haskell hello-world httpd hylang ibmjava influxdb joomla jruby julia kibana kong logstash mariadb ' +
    'matomo maven mediawiki memcached mongo mongo-express mysql nats neo4j nextcloud nginx node odoo open-liberty ' +
    'openjdk oraclelinux perl php phpmyadmin postgres pypy python r-base rabbitmq redis redmine registry rockylinux ' +
    'ruby rust scratch solr sonarqube spark storm swift swipl tomcat traefik ubuntu unit varnish wordpress zookeeper'
  ).split(' '),
)

/** containerd's words when the registry has the repository but not the tag. */
function notFound({ name }: ImageReference): string {
  return rpc('NotFound', name, `${name}: not found`)
}

/** containerd's words when Docker Hub has no such repository, or one that is private: it does not say which. */
function accessDenied({ name }: ImageReference): string {
  const why =
    'pull access denied, repository does not exist or may require authorization: ' +
    'server message: insufficient_scope: authorization failed'
  return rpc('Unknown', name, why)
}

function rpc(code: string, name: string, why: string): string {
  return `rpc error: code = ${code} desc = failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${why}`
}

/** 64 hexadecimal digits that are always the same for a name: they stand in for the SHA-256 of a manifest. */
function digestOf(text: string): string {
  let digest = ''
  for (let round = 0; digest.length < 64; round++) {
    let sum = 0x811c9dc5 ^ Math.imul(round + 1, 0x9e3779b9)
    for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
    digest += (Math.imul(sum ^ (sum >>> 15), 0x85ebca6b) >>> 0).toString(16).padStart(8, '0')
  }
  return digest
}
