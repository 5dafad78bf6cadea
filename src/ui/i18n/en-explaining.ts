/** What the page says of why things are as they are, and how they came to be. */

export const why = {
  title: 'Why it is so',
  evidence: 'What says so',
  goTo: 'Go to “{{name}}”',
  fix: 'What mends it',
  apply: 'Apply this change',
  run: 'Run the command',
}

export const allocation = {
  title: 'Resources',
  cpu: 'CPU',
  memory: 'Memory',
  of: 'of {{amount}}',
  requested: 'requested {{amount}}',
  limited: 'limits {{amount}}',
  used: 'in use {{amount}}',
  pods: '{{count}} of at most {{most}} Pods',
}

export const placement = {
  title: 'How the scheduler chose',
  when: 'Its verdict on every node at {{time}}; points are weighted.',
  node: 'Node',
  total: 'Total',
  chosen: 'chosen',
  only: 'fits',
}

export const story = {
  title: 'What happened, step by step',
  nothing: 'Select something on the graph to see what happened to it, step by step.',
  empty: 'The trace holds nothing about it any more.',
  next: 'Next thing that happens to it',
  none: 'Nothing happened to it for ten minutes of virtual time.',
  forgotten: 'What was before {{time}} is forgotten.',
  goTo: 'Go to {{time}}',
  user: 'You',
  apiserver: 'API server',
  etcd: 'etcd',
  controllers: 'Controllers',
  scheduler: 'Scheduler',
  kubelet: 'kubelet',
  runtime: 'Runtime',
}
