import type { Usage } from '../node/runtime/program.ts'

const mebibyte = 2 ** 20

/** Of a server of which nothing is known. */
const little: Usage = { cpuMillis: 1, memoryBytes: 8 * mebibyte }

/** What well-known images take with nobody asking anything of them, as fresh containers show it: millicores and MiB. */
const typical: Readonly<Record<string, readonly [cpuMillis: number, mebibytes: number]>> = {
  ...{ mysql: [6, 380], mariadb: [3, 95], postgres: [2, 28], mongo: [8, 150], redis: [2, 4], memcached: [1, 3] },
  ...{
    cassandra: [40, 1_300],
    couchdb: [5, 60],
    influxdb: [4, 60],
    neo4j: [10, 560],
    rabbitmq: [12, 130],
    nats: [1, 8],
  },
  ...{ elasticsearch: [25, 1_250], kibana: [20, 520], logstash: [25, 760], solr: [8, 420], zookeeper: [3, 95] },
  ...{ tomcat: [3, 110], wordpress: [1, 42], drupal: [1, 38], joomla: [1, 38], ghost: [4, 140], nextcloud: [1, 45] },
  ...{
    haproxy: [1, 18],
    traefik: [2, 36],
    caddy: [1, 14],
    varnish: [1, 90],
    registry: [1, 12],
    sonarqube: [60, 2_100],
  },
  ...{
    grafana: [4, 85],
    prometheus: [6, 75],
    jenkins: [15, 420],
    gitea: [3, 110],
    keycloak: [20, 460],
    vault: [8, 110],
  },
}

/** What the image of a repository takes: by its last name, `bitnami/mysql` as `mysql`. */
export function typicalUse(repository: string): Usage {
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  const known = Object.hasOwn(typical, name) ? typical[name] : undefined
  return known ? { cpuMillis: known[0], memoryBytes: known[1] * mebibyte } : little
}
